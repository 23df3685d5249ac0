import { expect, test } from 'vitest';
import type { AgentRecord } from '../agents/agent-record.ts';
import { chooseAgent } from './assignment-rules.ts';

function agent(id: number, change: Partial<AgentRecord> = {}): AgentRecord {
  return {
    id,
    businessId: 1,
    uid: `agent/${id}`,
    kind: 'agent',
    nickname: `Agent ${id}`,
    avatar: '',
    userName: `agent${id}`,
    level: 'service',
    phone: '',
    email: '',
    manualStatus: 'online',
    online: true,
    greeting: '',
    maxConversations: 5,
    load: 0,
    lastAssignedAt: null,
    ...change,
  };
}

const auto = { previousId: null, rule: 'auto', random: () => 0 } as const;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 9, minute));

test('the fewest open conversations win', () => {
  expect(chooseAgent([agent(1, { load: 2 }), agent(2, { load: 1 }), agent(3, { load: 3 })], auto)?.id).toBe(2);
});

test('ties go to who has been idle longest; never assigned is idle longest of all; then the lower id', () => {
  const one = agent(1, { lastAssignedAt: at(5) });
  const two = agent(2, { lastAssignedAt: at(1) });
  expect(chooseAgent([one, two], auto)?.id).toBe(2);
  expect(chooseAgent([one, two, agent(3)], auto)?.id).toBe(3);
  expect(chooseAgent([agent(5), agent(4)], auto)?.id).toBe(4);
});

test('the previous agent goes first when free, whatever its load', () => {
  const agents = [agent(1), agent(2, { load: 4 })];
  expect(chooseAgent(agents, { ...auto, previousId: 2 })?.id).toBe(2);
  expect(chooseAgent([agent(1), agent(2, { load: 5 })], { ...auto, previousId: 2 })?.id).toBe(1);
});

test('nobody busy, away, offline or full is chosen', () => {
  const none = [
    agent(1, { manualStatus: 'busy' }),
    agent(2, { manualStatus: 'offline' }),
    agent(3, { online: false }),
    agent(4, { load: 5 }),
    agent(5, { maxConversations: 0 }),
  ];
  expect(chooseAgent(none, auto)).toBeNull();
  expect(chooseAgent(none, { ...auto, rule: 'random' })).toBeNull();
  expect(chooseAgent([], auto)).toBeNull();
});

test('random is among all who are free', () => {
  const agents = [agent(1, { load: 4 }), agent(2), agent(3, { load: 5 }), agent(4)];
  const chosen = [0, 0.4, 0.99].map((n) => chooseAgent(agents, { ...auto, rule: 'random', random: () => n })?.id);
  expect(chosen).toEqual([1, 2, 4]);
});
