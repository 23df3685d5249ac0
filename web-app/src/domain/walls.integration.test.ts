import { afterAll, beforeAll, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text } from '../../../test-support/domain-site.ts';
import type { TestSite } from '../../../test-support/domain-site.ts';
import type { AgentActor, VisitorActor } from './actor.ts';
import type { Business, Visitor } from './model.ts';

/** Domain rule 7: a business is a wall. Theirs is another business, with everything in it; ours asks for it. */

let site: TestSite;
let ours: { business: Business; agent: AgentActor; visitor: Visitor; actor: VisitorActor };
let theirs: { business: Business; agent: AgentActor; visitor: Visitor; open: number; waiting: number };

beforeAll(async () => {
  site = await openSite();
  const { conversations, messages } = site.services;
  const business = await site.business('theirs');
  const agent = await site.agent(business, 'theirs', { max: 1, level: 'super_manager' });
  const visitor = await site.visitor(business, 'v');
  const other = await site.visitor(business, 'other');
  const open = await conversations.admit(business, visitor, byWidget);
  const waiting = await conversations.admit(business, other, byWidget);
  if (open.kind !== 'assigned' || waiting.kind !== 'waiting') throw new Error(`${open.kind}, ${waiting.kind}`);
  await messages.send(asActor(visitor), open.conversation.id, text('secret', 'c1'));
  theirs = { business, agent, visitor, open: open.conversation.id, waiting: waiting.conversation.id };

  const own = await site.business('ours');
  const ownAgent = await site.agent(own, 'ours', { level: 'super_manager' });
  const ownVisitor = await site.visitor(own, 'v');
  await conversations.admit(own, ownVisitor, byWidget);
  ours = { business: own, agent: ownAgent, visitor: ownVisitor, actor: asActor(ownVisitor) };
});
afterAll(() => site.close());

const notFound = { code: 'not_found' };

/** The whole database but its own bookkeeping, as text. */
async function everything(): Promise<string> {
  const tables = ['conversations', 'episodes', 'messages', 'participants', 'requests', 'outbox', 'presence', 'agents'];
  return JSON.stringify(await Promise.all(tables.map((table) => site.db(table).orderByRaw('1, 2'))));
}

test('calls that name a conversation', async () => {
  const { conversations, messages, inbox } = site.services;
  const before = await everything();
  const ids = [theirs.open, theirs.waiting, 999_999, 0, -1, 1.5, 2 ** 60, Number.NaN];
  for (const id of ids) {
    for (const actor of [ours.agent, ours.actor]) {
      await expect(conversations.byId(actor, id)).rejects.toMatchObject(notFound);
      await expect(conversations.close(actor, id)).rejects.toMatchObject(notFound);
      await expect(messages.send(actor, id, text('hello'))).rejects.toMatchObject(notFound);
      await expect(messages.send(actor, id, text('secret', 'c1'))).rejects.toMatchObject(notFound);
      await expect(messages.list(actor, id, { limit: 10 })).rejects.toMatchObject(notFound);
      await expect(messages.markRead(actor, id, 1)).rejects.toMatchObject(notFound);
      await expect(messages.unread(actor, id)).rejects.toMatchObject(notFound);
    }
    await expect(conversations.claim(ours.agent, id)).rejects.toMatchObject(notFound);
    await expect(inbox.one(ours.agent, id)).rejects.toMatchObject(notFound);
  }
  expect(await everything()).toBe(before);
});

test('a visitor sees its own conversation only, in its own business too', async () => {
  const { conversations, messages } = site.services;
  const stranger = asActor(await site.visitor(theirs.business, 'stranger'));
  await expect(conversations.byId(stranger, theirs.open)).rejects.toMatchObject(notFound);
  await expect(messages.send(stranger, theirs.open, text('hi'))).rejects.toMatchObject(notFound);
  await expect(messages.list(stranger, theirs.open, { limit: 10 })).rejects.toMatchObject(notFound);
  await expect(conversations.close(stranger, theirs.open)).rejects.toMatchObject(notFound);
  expect(await conversations.ofVisitor(stranger)).toBeNull();
});

test('calls that name a person', async () => {
  const { users, agents, visitors, conversations } = site.services;
  expect(await users.byId(ours.business.id, theirs.visitor.id)).toBeNull();
  expect(await agents.byId(ours.business.id, theirs.agent.userId)).toBeNull();
  expect(await visitors.byId(ours.business.id, theirs.visitor.id)).toBeNull();
  expect(await visitors.byChannel(ours.business.id, theirs.visitor.channel)).toBeNull();
  expect(await visitors.byUid(ours.business.id, 'v')).toMatchObject({ id: ours.visitor.id });
  expect(await agents.list(ours.business.id)).toMatchObject([{ id: ours.agent.userId }]);
  const admission = conversations.admit(ours.business, theirs.visitor, byWidget);
  await expect(admission).rejects.toMatchObject(notFound);
  expect(await conversations.ofVisitor({ ...ours.actor, userId: theirs.visitor.id })).toBeNull();
});

test('an actor of a user of another business is nobody', async () => {
  const { agents, conversations } = site.services;
  const forged: AgentActor = { ...ours.agent, userId: theirs.agent.userId };
  await expect(agents.setStatus(forged, 'busy')).rejects.toMatchObject(notFound);
  await expect(conversations.claim(forged, theirs.waiting)).rejects.toMatchObject(notFound);
});

test('lists and counts hold one’s own', async () => {
  const { inbox } = site.services;
  for (const view of ['mine', 'queue', 'all'] as const) {
    const { rows } = await inbox.list(ours.agent, { view, cursor: null, limit: 50 });
    expect(rows.every((row) => row.conversation.businessId === ours.business.id)).toBe(true);
  }
  expect(await inbox.counts(ours.agent)).toMatchObject({ mine: 1, queue: 0 });
});

test('the database itself refuses a row that points into another business', async () => {
  const crossing = site.db('participants').insert({
    business_id: ours.business.id,
    conversation_id: theirs.open,
    user_id: ours.visitor.id,
    role: 'customer',
  });
  await expect(crossing).rejects.toMatchObject({ code: '23503' });
});
