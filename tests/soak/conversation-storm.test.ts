import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { AgentClient, VisitorClient } from '../../test-support/chat-clients.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';

const STORM_MS = 60_000;
const VISITORS = 20;
const AGENTS = 5;
/** Between two words of one person. */
const PAUSE_MS = 250;
/** Between two kills: long enough to start again and talk a little. */
const CALM_MS = 2_000;
/** Between a kill and the restart, so that clients meet what is not there. */
const DOWN_MS = 200;

const agents = Array.from({ length: AGENTS }, (_, index) => ({
  user_name: `agent-${String(index)}`,
  nick_name: `Agent ${String(index)}`,
  password: 'storm-password-1',
  max_conversations: VISITORS,
}));
const bootstrap = { businesses: [{ business_id: 'acme', distribution_rule: 'auto', agents }] };

type Client = VisitorClient | AgentClient;

let stack: Stack | undefined;
const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await stack?.stop();
  stack = undefined;
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Writes one message after the other, each acknowledged before the next; answers what was acknowledged. */
async function speak(client: Client, name: string, until: number): Promise<string[]> {
  const said: string[] = [];
  while (Date.now() < until) {
    const text = `${name} ${String(said.length + 1)}`;
    await client.send(text);
    said.push(text);
    await pause(PAUSE_MS);
  }
  return said;
}

/** Kills and restarts one process after the other until the time is over; answers how often. */
async function storm(victim: Stack, until: number): Promise<Record<string, number>> {
  const turns = [
    { name: 'pusher-server', kill: () => victim.killPusher9(), restart: () => victim.restartPusher() },
    { name: 'web-app', kill: () => victim.killWeb9(), restart: () => victim.restartWeb() },
    { name: 'database', kill: () => victim.killDatabase9(), restart: () => victim.restartDatabase() },
  ];
  const kills = Object.fromEntries(turns.map(({ name }) => [name, 0]));
  while (Date.now() < until) {
    for (const { name, kill, restart } of turns) {
      await pause(CALM_MS);
      await kill();
      await pause(DOWN_MS);
      await restart();
      kills[name] = (kills[name] ?? 0) + 1;
    }
  }
  return kills;
}

interface StoredMessage {
  readonly id: string;
  readonly seq: number;
}

/** What the database holds of each conversation, in order. */
async function readThreads(databaseUrl: string): Promise<Map<number, StoredMessage[]>> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<StoredMessage & { conversation_id: string }>(
      'select conversation_id, id::text, seq from messages order by conversation_id, seq',
    );
    const threads = new Map<number, StoredMessage[]>();
    for (const { conversation_id, id, seq } of rows) {
      const key = Number(conversation_id);
      threads.set(key, [...(threads.get(key) ?? []), { id, seq }]);
    }
    return threads;
  } finally {
    await client.end();
  }
}

it('every thread is the database’s, once and in order, after a minute of kills', async () => {
  const running = await startStack({ bootstrap, ownPostgres: true });
  stack = running;
  const visitors = Array.from({ length: VISITORS }, () => new VisitorClient(running.webUrl));
  const service = agents.map(() => new AgentClient(running.webUrl));
  clients.push(...visitors, ...service);
  for (const [index, agent] of service.entries()) await agent.start(`agent-${String(index)}`, 'storm-password-1');
  await expect
    .poll(async () => (await Promise.all(service.map((agent) => agent.isOnline()))).every(Boolean), {
      timeout: 20_000,
    })
    .toBe(true);
  for (const visitor of visitors) {
    await visitor.start('acme');
    await visitor.send('hello');
  }
  for (const agent of service) {
    const [first] = await agent.list('mine');
    if (first === undefined) throw new Error('an agent has nobody to talk with');
    await agent.show(first.id);
  }

  const until = Date.now() + STORM_MS;
  const [kills, ...said] = await Promise.all([
    storm(running, until),
    ...visitors.map((visitor, index) => speak(visitor, `visitor ${String(index)}:`, until)),
    ...service.map((agent, index) => speak(agent, `agent ${String(index)}:`, until)),
  ]);

  const threads = await readThreads(running.databaseUrl);
  let repeats = 0;
  for (const [index, client] of clients.entries()) {
    const stored = threads.get(client.conversationId) ?? [];
    const newest = stored.at(-1)?.seq ?? 0;
    await client.thread.until(
      () => client.thread.contiguous >= newest,
      `message ${String(newest)} of client ${String(index)}`,
    );
    expect(client.thread.messages.map(({ id, seq }) => ({ id: String(id), seq }))).toEqual(stored);
    const own = (said[index] ?? [])[0]?.replace(/\d+$/, '') ?? '';
    expect(client.thread.texts.filter((text) => text.startsWith(own))).toEqual(said[index]);
    repeats += client.thread.repeats;
  }
  const total = [...threads.values()].reduce((sum, thread) => sum + thread.length, 0);
  process.stdout.write(
    `storm: kills ${JSON.stringify(kills)}, ${String(total)} messages in ${String(threads.size)} conversations, ` +
      `${String(repeats)} arrived again and were dropped\n`,
  );
  expect(Math.min(...Object.values(kills))).toBeGreaterThan(1);
}, 300_000);
