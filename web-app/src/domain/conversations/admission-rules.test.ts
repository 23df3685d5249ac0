import { expect, test } from 'vitest';
import type { AgentRecord } from '../agents/agent-record.ts';
import { decide } from './admission-rules.ts';
import type { Case } from './admission-rules.ts';

const alice: AgentRecord = {
  id: 1,
  businessId: 1,
  uid: 'agent/alice',
  kind: 'agent',
  nickname: 'Alice',
  avatar: '',
  userName: 'alice',
  level: 'service',
  phone: '',
  email: '',
  manualStatus: 'online',
  online: true,
  greeting: '',
  maxConversations: 2,
  load: 0,
  lastAssignedAt: null,
};
const bob: AgentRecord = { ...alice, id: 2, userName: 'bob' };
const full = { ...alice, load: 2 };
const busy: AgentRecord = { ...alice, manualStatus: 'busy' };

const someone: Case = {
  rule: 'auto',
  serving: [alice, bob],
  previousId: null,
  resumes: false,
  hold: false,
  ahead: 0,
  random: () => 0,
};

test('auto: somebody with a free place takes them', () => {
  expect(decide(someone)).toEqual({ to: 'agent', agent: alice });
  expect(decide({ ...someone, previousId: 2 })).toEqual({ to: 'agent', agent: bob });
});

test('auto: with everyone at capacity or busy they wait', () => {
  expect(decide({ ...someone, serving: [full] })).toEqual({ to: 'line' });
  expect(decide({ ...someone, serving: [busy] })).toEqual({ to: 'line' });
});

test('auto: nobody jumps a line that is there', () => {
  expect(decide({ ...someone, ahead: 1 })).toEqual({ to: 'line' });
});

test('claim: they wait to be claimed, whoever is free', () => {
  expect(decide({ ...someone, rule: 'claim', previousId: 1 })).toEqual({ to: 'line' });
});

test('claim: who writes into a closed thread comes back to the previous agent, when that one is free', () => {
  const returning: Case = { ...someone, rule: 'claim', previousId: 1, resumes: true, hold: true };
  expect(decide(returning)).toEqual({ to: 'agent', agent: alice });
  expect(decide({ ...returning, serving: [full, bob] })).toEqual({ to: 'line' });
  expect(decide({ ...returning, previousId: 9 })).toEqual({ to: 'line' });
});

test('nobody there: nobody, or the line for those who may hold', () => {
  for (const rule of ['auto', 'claim', 'random'] as const) {
    expect(decide({ ...someone, rule, serving: [] })).toEqual({ to: 'nobody' });
    expect(decide({ ...someone, rule, serving: [], hold: true })).toEqual({ to: 'line' });
  }
});
