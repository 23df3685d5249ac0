import { afterAll, beforeAll, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';
import type { AgentActor } from '../actor.ts';
import type { Business } from '../model.ts';
import type { Admission } from '../services.ts';

/** Spec wolive, Assignment (`notice`), line by line. */

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

async function admit(business: Business, uid: string, hold = false): Promise<Admission> {
  return site.services.conversations.admit(business, await site.visitor(business, uid), { ...byWidget, hold });
}

async function goesOffline({ userId }: AgentActor): Promise<void> {
  await site.services.presence.left(userId, new Date());
  expect(await site.services.presence.takeDue(10)).toContain(userId);
  await site.services.presence.settle(userId, false);
}

function conversationOf(admission: Admission) {
  if (admission.kind === 'blacklisted' || admission.conversation === null) throw new Error(admission.kind);
  return admission.conversation;
}

test('a closed business serves nobody', async () => {
  const business = await site.business('shut');
  const visitor = await site.visitor(business, 'v');
  const admission = site.services.conversations.admit({ ...business, state: 'close' }, visitor, byWidget);
  await expect(admission).rejects.toMatchObject({ code: 'business_closed' });
});

test('nobody online at all: offline, with a conversation to write into and the business’s words', async () => {
  const business = await site.business('asleep');
  await site.agent(business, 'sleeper', { online: false });
  const admission = await admit(business, 'v');
  expect(admission).toMatchObject({ kind: 'offline', conversation: { state: 'none', lastSeq: 0 }, offlineText: '' });
  expect(await site.db('requests').where({ business_id: business.id })).toEqual([]);
});

test('a message while nobody is there is stored and waits, and is served when an agent comes', async () => {
  const { services } = site;
  const business = await site.business('night');
  const agent = await site.agent(business, 'early', { online: false });
  const visitor = await site.visitor(business, 'v');
  const { id } = conversationOf(await admit(business, 'v'));
  const sent = await services.messages.send(asActor(visitor), id, text('anybody there?'));
  expect(sent).toMatchObject({ created: true, message: { seq: 1 } });
  expect(await services.conversations.ofVisitor(asActor(visitor))).toMatchObject({
    conversation: { state: 'waiting' },
    agent: null,
    place: 1,
  });
  await services.presence.held(agent.userId);
  expect(await services.conversations.ofVisitor(asActor(visitor))).toMatchObject({
    conversation: { state: 'open', agentId: agent.userId },
    place: 0,
  });
  // One message waits for the agent; the notice of the assignment is nothing to read.
  expect(await services.inbox.counts(agent)).toMatchObject({ mine: 1, unread: 1, queue: 0 });
});

test('rule auto: the fewest open conversations, ties to who is idle longest, the previous agent first', async () => {
  const { services } = site;
  const business = await site.business('fair');
  const [one, two] = [await site.agent(business, 'fair1'), await site.agent(business, 'fair2')];
  const first = await admit(business, 'a');
  expect(first).toMatchObject({ kind: 'assigned', agent: { id: one.userId } });
  expect(await admit(business, 'b')).toMatchObject({ agent: { id: two.userId } });
  // Both have one; the first was assigned longer ago.
  expect(await admit(business, 'c')).toMatchObject({ agent: { id: one.userId } });
  expect(await admit(business, 'd')).toMatchObject({ agent: { id: two.userId } });
  await services.conversations.close(one, conversationOf(first).id);
  await admit(business, 'e');
  // Back after a close: to the previous agent, though the other may have fewer.
  expect(await admit(business, 'a')).toMatchObject({ kind: 'assigned', agent: { id: one.userId } });
});

test('who is with an agent that is online stays there, without any change', async () => {
  const business = await site.business('steady');
  await site.agent(business, 'steady1');
  const before = conversationOf(await admit(business, 'v'));
  await site.agent(business, 'steady2');
  await site.told();
  const after = conversationOf(await admit(business, 'v'));
  expect(after).toEqual(before);
  expect(await site.told()).toEqual([]);
});

test('a busy agent keeps the old ones and gets no new one; status online serves the line', async () => {
  const { services } = site;
  const business = await site.business('lunch');
  const agent = await site.agent(business, 'luncher');
  await admit(business, 'old');
  expect(await services.agents.setStatus(agent, 'busy')).toMatchObject({ manualStatus: 'busy' });
  expect(await admit(business, 'old')).toMatchObject({ kind: 'assigned' });
  expect(await admit(business, 'new')).toMatchObject({ kind: 'waiting', place: 1, waiting: 1 });
  await site.told();
  expect(await services.agents.setStatus(agent, 'online')).toMatchObject({ manualStatus: 'online', load: 2 });
  expect((await site.told())[0]).toMatchObject({ type: 'user.updated', userId: agent.userId, manualStatus: 'online' });
});

test('everyone at capacity: they wait, hear of each place they move up, and are served when a place frees', async () => {
  const { services } = site;
  const business = await site.business('packed');
  const agent = await site.agent(business, 'packed1', { max: 1 });
  const served = conversationOf(await admit(business, 'served'));
  const second = conversationOf(await admit(business, 'second'));
  const third = conversationOf(await admit(business, 'third'));
  const fourth = await admit(business, 'fourth');
  expect(fourth).toMatchObject({ kind: 'waiting', place: 3, waiting: 3 });
  await site.told();

  await services.conversations.close(agent, served.id);
  const told = await site.told();
  expect(told.map((event) => event.type)).toEqual([
    'message.created',
    'conversation.closed',
    'conversation.assigned',
    'message.created',
    'request.updated',
    'line.changed',
    'request.updated',
    'request.updated',
  ]);
  expect(told.filter((event) => event.type === 'request.updated')).toMatchObject([
    { status: 1, place: 0, to: { conversationId: second.id, state: 'open', agentIds: [agent.userId] } },
    { status: 0, place: 1, to: { conversationId: third.id } },
    { status: 0, place: 2, to: { conversationId: conversationOf(fourth).id } },
  ]);
  expect(told.find((event) => event.type === 'line.changed')).toMatchObject({
    reason: 'claimed',
    waiting: 2,
    businessSlug: 'packed',
    customer: { uid: 'second' },
  });
});

test('who gives up leaves the line, and those behind move up', async () => {
  const { services } = site;
  const business = await site.business('patience', 'claim');
  const agent = await site.agent(business, 'patient');
  const first = conversationOf(await admit(business, 'first'));
  const second = conversationOf(await admit(business, 'second'));
  await site.told();
  const colleague = services.conversations.close(agent, first.id);
  await expect(colleague).rejects.toMatchObject({ code: 'not_your_conversation' });
  const closed = await services.conversations.close(asActor(await site.visitor(business, 'first')), first.id);
  expect(closed).toMatchObject({ state: 'closed' });
  expect(await site.told()).toMatchObject([
    { type: 'conversation.closed', to: { conversationId: first.id, state: 'closed' } },
    { type: 'request.updated', status: 7, place: 0, to: { conversationId: first.id } },
    { type: 'line.changed', reason: 'left', waiting: 1 },
    { type: 'request.updated', status: 0, place: 1, to: { conversationId: second.id } },
  ]);
});

test('rule claim: one wait, never two; a claim takes it; the claimer’s own claim again is the same', async () => {
  const { services } = site;
  const business = await site.business('claimed', 'claim');
  const [alice, bob] = [await site.agent(business, 'alice'), await site.agent(business, 'bob', { max: 0 })];
  const visitor = await site.visitor(business, 'v');
  await site.told();
  const { id } = conversationOf(await admit(business, 'v'));
  expect((await site.told()).map((event) => event.type)).toEqual([
    'conversation.opened',
    'request.updated',
    'line.changed',
  ]);
  await services.messages.send(asActor(visitor), id, text('hello'));
  await services.messages.send(asActor(visitor), id, text('are you there?'));
  expect(await services.inbox.list(bob, { view: 'queue', cursor: null, limit: 10 })).toMatchObject({
    rows: [{ conversation: { id, state: 'waiting' }, unread: 2, waitingSince: expect.any(Date) as Date }],
  });
  await expect(services.conversations.claim(bob, id)).rejects.toMatchObject({ code: 'over_capacity' });
  expect(await services.conversations.claim(alice, id)).toMatchObject({ state: 'open', agentId: alice.userId });
  expect(await services.conversations.claim(alice, id)).toMatchObject({ state: 'open', agentId: alice.userId });
  await expect(services.conversations.claim(bob, id)).rejects.toMatchObject({ code: 'already_claimed' });
  expect(await services.inbox.counts(alice)).toMatchObject({ mine: 1, unread: 2, queue: 0 });
  expect(await services.messages.unread(alice, id)).toBe(2);
  // The visitor had read all they wrote; the notice does not change that.
  expect(await services.messages.unread(asActor(visitor), id)).toBe(0);
  await services.conversations.close(alice, id);
  await expect(services.conversations.claim(bob, id)).rejects.toMatchObject({ code: 'conflict' });
});

test('rule claim: a message after the close goes back to the previous agent when online, else it waits', async () => {
  const { services } = site;
  const business = await site.business('back', 'claim');
  const agent = await site.agent(business, 'back1');
  await site.agent(business, 'back2');
  const visitor = asActor(await site.visitor(business, 'v'));
  const { id } = conversationOf(await admit(business, 'v'));
  await services.conversations.claim(agent, id);
  await services.conversations.close(agent, id);
  await services.messages.send(visitor, id, text('one more thing'));
  expect(await services.conversations.byId(visitor, id)).toMatchObject({ state: 'open', agentId: agent.userId });
  await services.conversations.close(agent, id);
  await goesOffline(agent);
  await services.messages.send(visitor, id, text('and another'));
  expect(await services.conversations.byId(visitor, id)).toMatchObject({ state: 'waiting', agentId: null });
});

test('the agent went offline: another takes over when the visitor comes back, and both consoles hear of it', async () => {
  const { services } = site;
  const business = await site.business('handover');
  const alice = await site.agent(business, 'handover1');
  const { id } = conversationOf(await admit(business, 'v'));
  await goesOffline(alice);
  expect(await admit(business, 'v')).toMatchObject({
    kind: 'offline',
    conversation: { state: 'open', agentId: alice.userId },
  });
  const bob = await site.agent(business, 'handover2');
  await site.told();
  expect(await admit(business, 'v')).toMatchObject({ kind: 'assigned', agent: { id: bob.userId } });
  expect(await site.told()).toMatchObject([
    { type: 'conversation.assigned', agent: { id: bob.userId }, previousAgentIds: [alice.userId] },
    { type: 'message.created', to: { agentIds: [bob.userId] } },
  ]);
  expect(await site.db('episodes').where({ conversation_id: id })).toMatchObject([{ agent_id: bob.userId }]);
  expect(await site.db('episode_agents').where({ business_id: business.id }).orderBy('id')).toMatchObject([
    { user_id: alice.userId, why: 'assigned', left_at: expect.any(Date) as Date },
    { user_id: bob.userId, why: 'transferred', left_at: null },
  ]);
  const late = services.messages.send(alice, id, text('sorry, I was away'));
  await expect(late).rejects.toMatchObject({ code: 'not_your_conversation' });
});

test('the agent went offline, rule claim: back into the line, where a colleague sees what was not answered', async () => {
  const { services } = site;
  const business = await site.business('relay', 'claim');
  const [alice, bob] = [await site.agent(business, 'relay1'), await site.agent(business, 'relay2')];
  const visitor = asActor(await site.visitor(business, 'v'));
  const { id } = conversationOf(await admit(business, 'v'));
  await services.conversations.claim(alice, id);
  await services.messages.send(visitor, id, text('hello'));
  await services.messages.send(alice, id, text('hi'));
  await services.messages.send(visitor, id, text('what does it cost?'));
  await goesOffline(alice);
  expect(await admit(business, 'v')).toMatchObject({ kind: 'waiting', place: 1 });
  const { rows } = await services.inbox.list(bob, { view: 'queue', cursor: null, limit: 10 });
  expect(rows).toMatchObject([{ conversation: { id }, unread: 1 }]);
  await services.conversations.claim(bob, id);
  expect(await services.messages.unread(bob, id)).toBe(1);
});

test('within the team: its members serve it, and it may hold visitors or have its own words', async () => {
  const { services } = site;
  const business = await site.business('teams');
  const [sales, other] = [await site.agent(business, 'sales'), await site.agent(business, 'other')];
  const [team] = await site
    .db('teams')
    .insert([
      { business_id: business.id, number: 7, offline_text: 'Sales sleeps' },
      { business_id: business.id, number: 8, hold_when_no_agent: true },
    ])
    .returning<{ id: number }[]>('id');
  await site.db('team_agents').insert({ business_id: business.id, team_id: team?.id, user_id: sales.userId });
  const to = async (uid: string, teamNumber: number) =>
    services.conversations.admit(business, await site.visitor(business, uid), { ...byWidget, teamNumber });

  expect(await to('a', 7)).toMatchObject({ kind: 'assigned', agent: { id: sales.userId } });
  expect(await to('b', 7)).toMatchObject({ kind: 'assigned', agent: { id: sales.userId } });
  // Nobody was given to the default team, so it is everybody's.
  expect(await to('c', 0)).toMatchObject({ kind: 'assigned', agent: { id: other.userId } });
  expect(await to('d', 8)).toMatchObject({ kind: 'waiting', place: 1 });
  await expect(to('e', 9)).rejects.toMatchObject({ code: 'not_found' });
  await goesOffline(sales);
  expect(await to('f', 7)).toMatchObject({ kind: 'offline', offlineText: 'Sales sleeps' });
});

test('a blacklisted visitor is served by nobody, and what they write is stored nowhere', async () => {
  const { services } = site;
  const business = await site.business('strict');
  const agent = await site.agent(business, 'strict1');
  const byId = await site.visitor(business, 'by-id');
  const { id } = conversationOf(await admit(business, 'by-id'));
  await site.db('blacklist').insert({ business_id: business.id, user_id: byId.id });
  await site.told();
  const before = await services.messages.list(agent, id, { limit: 50 });
  const sent = services.messages.send(asActor(byId), id, text('spam'));
  await expect(sent).rejects.toMatchObject({ code: 'blacklisted' });
  expect(await admit(business, 'by-id')).toMatchObject({ kind: 'blacklisted', lastAgent: { id: agent.userId } });

  // An address is blacklisted for whoever comes from it.
  await site.db('blacklist').insert({ business_id: business.id, ip: '192.0.2.7' });
  expect(await admit(business, 'neighbour')).toEqual({ kind: 'blacklisted', lastAgent: null });
  expect(await services.messages.list(agent, id, { limit: 50 })).toEqual(before);
  expect(await site.told()).toEqual([]);
});
