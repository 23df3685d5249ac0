import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arriving, asActor, byWidget, openSite, text } from '../../../test-support/domain-site.ts';
import type { TestSite } from '../../../test-support/domain-site.ts';
import { fillLarge } from '../../../test-support/large-data-set.ts';
import { createOutboxStore } from '../db/outbox-store.ts';
import type { AgentActor } from './actor.ts';
import { widgetSettings } from './businesses/widget-settings.ts';
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
let businesses: { business: Business; agents: AgentActor[] }[];

beforeAll(async () => {
  site = await openSite();
  explainer = new pg.Client(site.url);
  await explainer.connect();
  businesses = [];
  for (let index = 0; index < BUSINESSES; index += 1) {
    const business = await site.business(`plan-${index}`, 'claim');
    const names = ['a', 'b', 'c'].map((name) => `plan-${index}-${name}`);
    const agents: AgentActor[] = [];
    for (const name of names) agents.push(await site.agent(business, name, { max: 1000, level: 'super_manager' }));
    businesses.push({ business, agents });
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
  const queries = await queriesOf(() => everyCall(services));
  expect(offered.filter((call) => !called.has(call))).toEqual([]);
  expect(queries.length).toBeGreaterThan(100);
  expect(await wholeReads(queries)).toEqual([]);
}, 120_000);

test('no query of the relay reads a large table whole', async () => {
  const outbox = createOutboxStore(site.db);
  const owner = randomUUID();
  const queries = await queriesOf(async () => {
    const [lane = 0] = await outbox.leaseLanes(owner);
    const [first, second] = await outbox.pending(lane, owner, 10);
    await outbox.lanesWithWork(owner);
    await outbox.noteFailure(first?.id ?? 0, 'x');
    await outbox.setAside(first?.id ?? 0, 'x');
    await outbox.remove([second?.id ?? 0]);
    await outbox.releaseLanes(owner);
  });
  expect(await wholeReads(queries)).toEqual([]);
});

/** Every call that the domain offers, at least once, each in the ways that lead to other queries. */
async function everyCall(services: Services): Promise<void> {
  const { business, agents } = businesses[BUSINESSES / 2] ?? {};
  const [anna, bert, cora] = agents ?? [];
  if (!business || !anna || !bert || !cora) throw new Error('no agents');
  await peopleCalls(services, business, anna);
  await conversationCalls(services, business, [anna, bert]);
  await contentCalls(services, business, anna);
  await presenceCalls(services, cora);
}

async function peopleCalls(services: Services, business: Business, agent: AgentActor): Promise<void> {
  const known = await services.visitors.byUid(business.id, 'load-7');
  if (known === null) throw new Error('no load-7');
  await services.businesses.bySlug(business.slug);
  await services.businesses.byId(business.id);
  await services.businesses.setWidget(agent, widgetSettings.parse({}));
  await services.businesses.rename(agent, 'Renamed');
  await services.users.byId(business.id, known.id);
  await services.visitors.byId(business.id, known.id);
  await services.visitors.byChannel(business.id, known.channel);
  const { token } = await services.visitors.arrive(business, arriving('plan-new'));
  await services.visitors.byToken(token ?? '');
  await services.visitors.arrive(business, arriving('plan-new', { proof: 'token', page: 'https://shop.example/2' }));
  await services.visitors.arrive(business, arriving('plan-new', { proof: 'token', passive: true }));
  await services.visitors.arrive(business, arriving('load-9', { proof: 'site', nickname: 'Named' }));
  await services.visitors.metBy(business.id, agent.userId);
  await services.agents.byId(business.id, agent.userId);
  await services.agents.byUserId(agent.userId);
  await services.agents.credentials('plan-3-b');
  await services.agents.list(business.id);
  await services.agents.setStatus(agent, 'busy');
  await services.agents.setStatus(agent, 'online');
  const profile = { userName: 'planNew', nickname: 'New' };
  await services.agents.register(agent, { profile, level: 'service', passwordHash: 'none' });
  await services.agents.describe(agent, { nickname: 'Renamed', phone: '1' });
  await services.agents.setPassword(agent, 'none');
  for (const uid of ['load-25', 'load-26', 'load-27']) {
    const visitor = await services.visitors.byUid(business.id, uid);
    await services.blacklist.add(agent, visitor?.id ?? 0);
  }
  await services.blacklist.list(agent);
  await services.blacklist.remove(agent, known.id);
}

async function conversationCalls(
  services: Services,
  business: Business,
  [anna, bert]: [AgentActor, AgentActor],
): Promise<void> {
  const visitor = await services.visitors.byUid(business.id, 'plan-new');
  const waiting = await services.visitors.byUid(business.id, 'load-50');
  const closed = await services.visitors.byUid(business.id, 'load-52');
  if (!visitor || !waiting || !closed) throw new Error('no visitors');
  const customer = asActor(visitor);
  const admission = await services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'waiting') throw new Error(admission.kind);
  const { id } = admission.conversation;
  await services.conversations.admit(business, visitor, byWidget);
  await services.conversations.ofVisitor(customer);
  await services.conversations.ofVisitors(anna, [visitor.id, waiting.id]);
  await services.conversations.estimateOf(customer, id);
  await services.conversations.byId(anna, id);
  await services.conversations.claim(anna, id);
  await services.conversations.transfer(anna, id, { agentId: bert.userId });
  const { message } = (await services.messages.send(customer, id, text('one', 'c1'))) ?? {};
  await services.messages.send(customer, id, text('one', 'c1'));
  await services.messages.send(bert, id, text('two'));
  await services.messages.list(bert, id, { limit: 50 });
  await services.messages.list(bert, id, { limit: 50, afterSeq: 1 });
  await services.messages.list(bert, id, { limit: 50, beforeSeq: 3 });
  await services.messages.before(customer, id, { messageId: 0, limit: 10 });
  await services.messages.before(customer, id, { messageId: message.id, limit: 10 });
  await services.messages.between(bert, id, { from: new Date(0), to: new Date(), limit: 5_000 });
  await services.messages.markDelivered(customer, id, 3);
  await services.messages.markRead(customer, id, 3);
  await services.messages.unread(bert, id);
  await services.messages.readByAgents(customer, id);
  await services.messages.reachedByOthers(customer, id);
  await services.ratings.request(bert, id);
  await services.ratings.give(customer, id, { score: 5, comment: '' });
  for (const view of ['mine', 'queue', 'all'] as const) {
    const { next } = await services.inbox.list(bert, { view, cursor: null, limit: 20 });
    await services.inbox.list(bert, { view, cursor: next, limit: 20 });
  }
  await services.inbox.one(bert, id);
  await services.inbox.counts(bert);
  await services.conversations.transfer(bert, id, { teamNumber: 0 });
  await services.conversations.close(anna, id);
  await services.conversations.reopen(anna, id);
  await services.conversations.close(anna, id);
  await services.messages.send(customer, id, text('again'));
  const line = await services.conversations.ofVisitor(asActor(waiting));
  await services.conversations.close(asActor(waiting), line?.conversation.id ?? 0);
  await site.db('businesses').where({ id: business.id }).update({ distribution_rule: 'auto' });
  const auto: Business = { ...business, distributionRule: 'auto' };
  await services.conversations.admit(auto, closed, byWidget);
}

async function contentCalls(services: Services, business: Business, agent: AgentActor): Promise<void> {
  const page = { title: 'Where?', source: 'Here', html: '' };
  const { id } = await services.content.saveFaq(agent, null, page);
  await services.content.saveFaq(agent, id, page);
  await services.content.faqs(business.id, 'her');
  await services.content.faq(business.id, id);
  const tab = await services.content.saveTab(agent, null, page);
  await services.content.saveTab(agent, tab.id, page);
  await services.content.tabs(business.id);
  await services.content.tab(business.id, tab.id);
  await services.content.offered(business.id);
  await services.content.setGreeting(agent, 'Hi');
  await services.content.setGreeting(agent, '');
  const visitor = await services.visitors.byUid(business.id, 'load-1');
  if (visitor === null) throw new Error('no load-1');
  const customer = asActor(visitor);
  const now = await services.conversations.ofVisitor(customer);
  const conversationId = now?.conversation.id ?? 0;
  await services.content.ask(customer, conversationId, id);
  const left = { userId: visitor.id, name: 'L', phone: '', email: '', content: 'call', page: '' };
  await services.leaveMessages.leave(business.id, left);
  await services.leaveMessages.list(agent, { beforeId: 99, limit: 10 });

  const path = join(tmpdir(), `plan-${randomUUID()}.txt`);
  writeFileSync(path, 'some words');
  const owner = { businessId: business.id, userId: visitor.id };
  const file = await services.files.receive(owner, { path, name: 'words.txt', size: 10 }, 'any');
  await services.files.byKey(file.key);
  services.files.pathOf(file);
  const body = { type: 'file' as const, content: { key: file.key } };
  await services.messages.send(customer, conversationId, { clientId: null, body, page: null });
  await services.files.sweep();
}

async function presenceCalls(services: Services, agent: AgentActor): Promise<void> {
  await services.presence.online();
  await services.presence.online([agent.userId]);
  await services.presence.left(agent.userId, new Date(0));
  const due = await services.presence.takeDue(10);
  await services.presence.settle(due[0] ?? 0, true);
  await services.presence.left(agent.userId, new Date(0));
  await services.presence.takeDue(10);
  await services.presence.settle(agent.userId, false);
  await services.presence.held(agent.userId);
}
