import { afterEach, describe, expect, it } from 'vitest';
import { AgentClient, VisitorClient } from '../test-support/chat-clients.ts';
import { startStack, type Stack } from '../test-support/stack.ts';

const acme = {
  businesses: [
    {
      business_id: 'acme',
      distribution_rule: 'auto',
      agents: [{ user_name: 'alice', nick_name: 'Alice', password: 'alice-password-1', level: 'manager' }],
    },
  ],
};

/** How many messages each side writes; the process is killed while the middle ones are under way. */
const EACH = 60;

const victims = {
  'pusher-server': { kill: (stack: Stack) => stack.killPusher9(), restart: (stack: Stack) => stack.restartPusher() },
  'web-app': { kill: (stack: Stack) => stack.killWeb9(), restart: (stack: Stack) => stack.restartWeb() },
  database: { kill: (stack: Stack) => stack.killDatabase9(), restart: (stack: Stack) => stack.restartDatabase() },
} as const;

let stack: Stack | undefined;
const clients: { close(): void }[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await stack?.stop();
  stack = undefined;
});

/** Writes `EACH` messages one after the other, each acknowledged before the next; tells how far it is. */
async function speak(client: VisitorClient | AgentClient, name: string, onSent: (count: number) => void) {
  const acknowledged: number[] = [];
  for (let count = 1; count <= EACH; count += 1) {
    acknowledged.push((await client.send(`${name} ${count}`)).seq);
    onSent(count);
  }
  return acknowledged;
}

describe('kill -9 in the middle of a conversation', () => {
  it.each(Object.keys(victims) as (keyof typeof victims)[])(
    'of %s: what was acknowledged is on both sides, in one order, once',
    async (victim) => {
      stack = await startStack({ bootstrap: acme, ownPostgres: true });
      const running = stack;
      const agent = new AgentClient(running.webUrl);
      const visitor = new VisitorClient(running.webUrl);
      clients.push(agent, visitor);
      await agent.start('alice', 'alice-password-1');
      await agentIsAvailable(agent);
      await visitor.start('acme');
      await visitor.send('hello');
      await agent.show(visitor.conversationId);

      let fall: Promise<void> | undefined;
      const onSent = (count: number) => {
        if (count === EACH / 3) {
          fall ??= victims[victim].kill(running).then(() => victims[victim].restart(running));
        }
      };
      const [said, answered] = await Promise.all([speak(visitor, 'visitor', onSent), speak(agent, 'agent', onSent)]);
      await fall;

      const newest = Math.max(...said, ...answered);
      for (const client of [visitor, agent]) {
        await client.thread.until(() => client.thread.contiguous >= newest, `all up to ${newest}`);
      }
      expect(visitor.thread.messages.map(({ id }) => id)).toEqual(agent.thread.messages.map(({ id }) => id));
      for (const name of ['visitor', 'agent']) {
        const texts = visitor.thread.texts.filter((text) => text.startsWith(`${name} `));
        expect(texts).toEqual(Array.from({ length: EACH }, (_, index) => `${name} ${index + 1}`));
      }
    },
    120_000,
  );
});

/** Resolves when the realtime server's webhook has made the agent available. */
async function agentIsAvailable(agent: AgentClient): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await agent.isOnline())) {
    if (Date.now() > deadline) throw new Error('the agent did not come on line');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
