import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite } from '../../../test-support/domain-site.ts';
import type { TestSite } from '../../../test-support/domain-site.ts';
import { makeEveryCall } from '../../../test-support/every-domain-call.ts';
import { fillLarge } from '../../../test-support/large-data-set.ts';
import { createOutboxStore } from '../db/outbox-store.ts';
import type { AgentActor } from './actor.ts';
import type { Business } from './model.ts';
import type { Services } from './services.ts';

const BUSINESSES = 12;
const CONVERSATIONS = 700;
const MESSAGES_EACH = 4;
const OUTBOX_ROWS = 20_000;

/** What grows with use, so that whoever reads it whole is slow one day. */
const LARGE: ReadonlySet<string> = new Set([
  'messages',
  'conversations',
  'episodes',
  'episode_agents',
  'users',
  'visitors',
  'presence',
  'outbox',
  'requests',
  'participants',
  'ratings',
  'leave_messages',
  'calls',
]);

interface Query {
  sql: string;
  bindings: unknown[];
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

let site: TestSite;
let explainer: pg.Client;
let filled: { business: Business; agents: [AgentActor, AgentActor, AgentActor] }[];

beforeAll(async () => {
  site = await openSite();
  explainer = new pg.Client(site.url);
  await explainer.connect();
  filled = [];
  for (let index = 0; index < BUSINESSES; index += 1) {
    // The first serves its lines by itself.
    const business = await site.business(`plan-${index}`, index === 0 ? 'auto' : 'claim');
    const agent = (name: string) =>
      site.agent(business, `plan-${index}-${name}`, { max: 1000, level: 'super_manager' });
    const agents: [AgentActor, AgentActor, AgentActor] = [await agent('a'), await agent('b'), await agent('c')];
    filled.push({ business, agents });
    const agentIds = agents.map(({ userId }) => userId);
    await fillLarge(site.db, {
      businessId: business.id,
      agentIds,
      conversations: CONVERSATIONS,
      messagesEach: MESSAGES_EACH,
    });
  }
  await site.db.raw(
    `insert into outbox (lane, conversation_id, event) select n % 32, n, '{}' from generate_series(1, ?::int) n`,
    [OUTBOX_ROWS],
  );
  await site.db.raw('analyze');
}, 180_000);

afterAll(async () => {
  await explainer.end();
  await site.close();
});

/** The services, with what was called of them as `noun.call`. */
function recorded(services: Services): { services: Services; called: Set<string>; offered: string[] } {
  const called = new Set<string>();
  const offered: string[] = [];
  const nouns = Object.entries(services).map(([noun, service]: [string, Record<string, unknown>]) => {
    const calls = Object.entries(service).map(([name, call]): [string, unknown] => {
      offered.push(`${noun}.${name}`);
      if (typeof call !== 'function') return [name, call];
      const wrapped = (...given: unknown[]): unknown => {
        called.add(`${noun}.${name}`);
        return Reflect.apply(call, service, given) as unknown;
      };
      return [name, wrapped];
    });
    return [noun, Object.fromEntries(calls)];
  });
  return { services: Object.fromEntries(nouns) as Services, called, offered };
}

/** Runs a job and answers each query that it made, once. */
async function queriesOf(job: () => Promise<void>): Promise<Query[]> {
  const queries = new Map<string, Query>();
  const note = ({ sql, bindings = [] }: Partial<Query>) => {
    if (sql !== undefined && /^\s*(select|insert|update|delete|with)\b/i.test(sql)) queries.set(sql, { sql, bindings });
  };
  site.db.on('query', note);
  try {
    await job();
  } finally {
    site.db.off('query', note);
  }
  return [...queries.values()];
}

function scansIn(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansIn)].filter((table) => LARGE.has(table));
}

async function planOf({ sql, bindings }: Query): Promise<Plan> {
  const { rows } = await explainer.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${sql}`, bindings);
  const [row] = rows;
  if (row === undefined) throw new Error(`no plan for ${sql}`);
  return row['QUERY PLAN'][0].Plan;
}

/** The queries that read a large table whole, with those tables. */
async function wholeReads(queries: readonly Query[]): Promise<string[]> {
  const found: string[] = [];
  for (const query of queries) {
    const scans = scansIn(await planOf(query));
    if (scans.length > 0) found.push(`${scans.join(', ')}: ${query.sql.replaceAll(/\s+/g, ' ')}`);
  }
  return found;
}

test('it finds what it looks for', async () => {
  const queries = await queriesOf(async () => {
    await site.db('users').where({ remark: 'nobody' }).update({ remark: '' });
    await site.db('messages').where({ type: 'nothing' }).first('id');
    await site.db('users').where({ id: 1 }).first('id');
  });
  expect(await wholeReads(queries)).toEqual([
    expect.stringMatching(/^users: update/) as string,
    expect.stringMatching(/^messages: select/) as string,
  ]);
});

test('no query of the domain reads a large table whole', async () => {
  const { services, called, offered } = recorded(site.services);
  const { business, agents } = filled[BUSINESSES / 2] ?? {};
  if (business === undefined || agents === undefined) throw new Error('nothing is filled');
  const [server] = filled[0]?.agents ?? [];
  if (server === undefined) throw new Error('nobody serves');
  const queries = await queriesOf(async () => {
    await makeEveryCall(services, business, agents);
    await services.agents.setStatus(server, 'busy');
    await services.agents.setStatus(server, 'online');
  });
  expect(queries.some(({ sql }) => sql.includes('for update skip locked'))).toBe(true);
  expect(offered.filter((call) => !called.has(call))).toEqual([]);
  expect(queries.length).toBeGreaterThan(100);
  expect(await wholeReads(queries)).toEqual([]);
}, 120_000);

test('no query of the relay reads a large table whole', async () => {
  const outbox = createOutboxStore(site.db);
  const owner = randomUUID();
  const queries = await queriesOf(async () => {
    const [lane = 0] = await outbox.leaseLanes(owner);
    const [first, second] = await outbox.next(owner, [lane], []);
    await outbox.lanesWithWork(owner);
    await outbox.noteFailure(first?.id ?? 0, 'x');
    await outbox.setAside(first?.id ?? 0, 'x');
    const left = await outbox.next(owner, [lane], [second?.id ?? 0]);
    expect(left.map(({ id }) => id)).not.toContain(second?.id);
    await outbox.releaseLanes(owner);
  });
  expect(await wholeReads(queries)).toEqual([]);
});
