import { afterAll, beforeAll, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';
import type { AgentActor, VisitorActor } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { Business } from '../model.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** A visitor whom the first agent of a new business has. */
async function served(
  slug: string,
  agents: { max?: number; online?: boolean }[] = [{}, {}],
): Promise<{ business: Business; actors: AgentActor[]; customer: VisitorActor; id: number }> {
  const business = await site.business(slug);
  const actors: AgentActor[] = [];
  for (const [index, options] of agents.entries()) {
    const actor = await site.agent(business, `${slug}-${index}`, { ...options, online: false });
    if (index === 0) await site.services.presence.held(actor.userId);
    actors.push(actor);
  }
  const visitor = await site.visitor(business, 'v');
  const admission = await site.services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'assigned') throw new Error(admission.kind);
  for (const [index, { online = true }] of agents.entries()) {
    const actor = actors[index];
    if (online && actor !== undefined) await site.services.presence.held(actor.userId);
  }
  await site.told();
  return { business, actors, customer: asActor(visitor), id: admission.conversation.id };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'done';
}

test('to an agent: the same episode goes on with them, the thread and both consoles are told, the giver is out', async () => {
  const { services, db } = site;
  const { actors, customer, id } = await served('move');
  const [anna, bert] = [at(actors, 0), at(actors, 1)];
  await services.messages.send(customer, id, text('one'));
  await services.messages.markRead(anna, id, 2);
  await services.messages.send(customer, id, text('two'));
  await services.messages.send(customer, id, text('three'));
  await site.told();

  expect(await services.conversations.transfer(anna, id, { agentId: bert.userId })).toMatchObject({
    state: 'open',
    agentId: bert.userId,
  });
  const told = await site.told();
  expect(told).toMatchObject([
    {
      type: 'conversation.assigned',
      agent: { id: bert.userId },
      previousAgentIds: [anna.userId],
      to: { agentIds: [bert.userId] },
    },
    { type: 'message.created', message: { content: { notice: 'transferred', agentName: 'move-1', byName: 'move-0' } } },
  ]);
  // What Anna had read is read; what she had not waits for Bert, and the notice is nothing to read.
  expect(await services.messages.unread(bert, id)).toBe(2);
  expect(await services.inbox.counts(bert)).toMatchObject({ mine: 1, unread: 2 });
  expect(await services.inbox.counts(anna)).toMatchObject({ mine: 0, unread: 0 });
  expect(await db('episodes').where({ conversation_id: id })).toMatchObject([
    { agent_id: bert.userId, closed_at: null },
  ]);
  const seats = await db('episode_agents').orderBy('id').where({ user_id: anna.userId }).select('why', 'left_at');
  expect(seats).toMatchObject([{ why: 'assigned', left_at: expect.any(Date) as Date }]);

  expect(await codeOf(services.messages.send(anna, id, text('still here')))).toBe('not_your_conversation');
  expect(await services.messages.send(bert, id, text('hello'))).toMatchObject({ created: true });
  await services.messages.markRead(bert, id, 99);
  expect(await services.messages.unread(bert, id)).toBe(0);
});

test('and back: what the other had read meanwhile is read for who had it first', async () => {
  const { services } = site;
  const { actors, customer, id } = await served('back');
  const [anna, bert] = [at(actors, 0), at(actors, 1)];
  await services.conversations.transfer(anna, id, { agentId: bert.userId });
  await services.messages.send(customer, id, text('to Bert'));
  await services.messages.markRead(bert, id, 99);
  await services.messages.send(customer, id, text('to whoever comes'));
  await services.conversations.transfer(bert, id, { agentId: anna.userId });
  expect(await services.messages.unread(anna, id)).toBe(1);
});

test('refused: to nobody, to somebody away or full, of another business, by who is not in it, of what is over', async () => {
  const { services } = site;
  const { actors, customer, id } = await served('refused', [{}, { online: false }, { max: 0 }, {}]);
  const [anna, away, full, dora] = [at(actors, 0), at(actors, 1), at(actors, 2), at(actors, 3)];
  const stranger = at((await served('refused-other')).actors, 0);
  const give = (actor: AgentActor, agentId: number) => codeOf(services.conversations.transfer(actor, id, { agentId }));
  expect(await give(anna, 0)).toBe('not_found');
  expect(await give(anna, 2 ** 60)).toBe('not_found');
  expect(await give(anna, customer.userId)).toBe('not_found');
  expect(await give(anna, stranger.userId)).toBe('not_found');
  expect(await give(stranger, stranger.userId)).toBe('not_found');
  expect(await give(anna, away.userId)).toBe('conflict');
  expect(await give(anna, full.userId)).toBe('over_capacity');
  expect(await give(dora, dora.userId)).toBe('not_your_conversation');
  expect(await codeOf(services.conversations.transfer(anna, id, { teamNumber: 77 }))).toBe('not_found');
  expect(await services.conversations.transfer(anna, id, { agentId: anna.userId })).toMatchObject({ state: 'open' });
  expect(await site.told()).toEqual([]);

  expect(await give({ ...dora, level: 'manager' }, dora.userId)).toBe('done');
  await services.conversations.close(dora, id);
  expect(await give({ ...dora, level: 'manager' }, anna.userId)).toBe('not_your_conversation');
});

test('20 conversations to one agent with 5 places at once: 5 move, 15 are refused and stay', async () => {
  const { services, db } = site;
  const business = await site.business('full-house');
  const giver = await site.agent(business, 'giver');
  const visitors = [];
  for (let index = 0; index < 20; index += 1) visitors.push(await site.visitor(business, `v${index}`));
  const ids = [];
  for (const visitor of visitors) {
    const admission = await services.conversations.admit(business, visitor, byWidget);
    if (admission.kind === 'assigned') ids.push(admission.conversation.id);
  }
  const taker = await site.agent(business, 'taker', { max: 5 });
  const codes = await Promise.all(
    ids.map((id) => codeOf(services.conversations.transfer(giver, id, { agentId: taker.userId }))),
  );
  expect(codes.filter((code) => code === 'done')).toHaveLength(5);
  expect(codes.filter((code) => code === 'over_capacity')).toHaveLength(15);
  expect(await db('episodes').where({ agent_id: taker.userId, closed_at: null })).toHaveLength(5);
  expect(await db('episodes').where({ agent_id: giver.userId, closed_at: null })).toHaveLength(15);
});

test('transferred, closed and written into at once, many times: one agent or none, and no gap in the thread', async () => {
  const { services, db } = site;
  const { actors, customer, id } = await served('storm', [{}, {}, {}]);
  const [anna, bert, cora] = [at(actors, 0), at(actors, 1), at(actors, 2)];
  const manager = (actor: AgentActor): AgentActor => ({ ...actor, level: 'manager' });
  await Promise.all(
    Array.from({ length: 12 }, (_, round) =>
      Promise.all([
        codeOf(
          services.conversations.transfer(manager(anna), id, { agentId: at([bert, cora, anna], round % 3).userId }),
        ),
        codeOf(services.conversations.transfer(manager(bert), id, { teamNumber: 0 })),
        codeOf(services.messages.send(customer, id, text(`word ${round}`))),
        round % 4 === 3 ? codeOf(services.conversations.close(manager(cora), id)) : Promise.resolve(''),
      ]),
    ),
  );
  const open = await db('episodes').where({ conversation_id: id, closed_at: null });
  const waiting = await db('requests').where({ conversation_id: id, status: 0 });
  const { state, agentId } = await services.conversations.byId(anna, id);
  expect([open.length, waiting.length]).toEqual({ open: [1, 0], waiting: [0, 1], closed: [0, 0], none: [] }[state]);
  expect(state === 'open').toBe(agentId !== null);
  const seqs = (await services.messages.list(anna, id, { limit: 200 })).map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

test("into a team's line: the giver's episode ends, somebody else of the team takes it, with what was unread", async () => {
  const { services, db } = site;
  const { actors, customer, id } = await served('line');
  const [anna, bert] = [at(actors, 0), at(actors, 1)];
  await services.messages.send(customer, id, text('who knows?'));
  await site.told();

  // Anna has nothing else to do and had this visitor last; she gave them away all the same.
  expect(await services.conversations.transfer(anna, id, { teamNumber: 0 })).toMatchObject({
    state: 'open',
    agentId: bert.userId,
  });
  expect(await services.messages.unread(bert, id)).toBe(1);
  expect(await db('episodes').where({ conversation_id: id }).orderBy('id')).toMatchObject([
    { agent_id: anna.userId, closed_by: 'system' },
    { agent_id: bert.userId, closed_at: null, door: 'transfer' },
  ]);
});

test('the only one of the team who is there cannot give to the team', async () => {
  const { services } = site;
  const { actors, id } = await served('alone', [{}, { online: false }]);
  expect(await codeOf(services.conversations.transfer(at(actors, 0), id, { teamNumber: 0 }))).toBe('conflict');
  expect(await services.conversations.byId(at(actors, 0), id)).toMatchObject({ state: 'open' });
});

test('while the others are full, who was given away waits for them and holds nobody up; once they are gone the giver has them again', async () => {
  const { services } = site;
  const { business, actors, id } = await served('patience', [{ max: 2 }, { max: 0 }]);
  const [anna, full] = [at(actors, 0), at(actors, 1)];
  expect(await services.conversations.transfer(anna, id, { teamNumber: 0 })).toMatchObject({ state: 'waiting' });
  const next = await services.conversations.admit(business, await site.visitor(business, 'behind'), byWidget);
  expect(next).toMatchObject({ kind: 'assigned', agent: { id: anna.userId } });
  expect(await services.conversations.byId(anna, id)).toMatchObject({ state: 'waiting' });

  await services.agents.setStatus(full, 'offline');
  await services.agents.setStatus(anna, 'busy');
  await services.agents.setStatus(anna, 'online');
  expect(await services.conversations.byId(anna, id)).toMatchObject({ state: 'open', agentId: anna.userId });
});

test('into the line of another team, whose rule is claim: its agents see it waiting, and one claims it', async () => {
  const { services, db } = site;
  const { business, actors, id } = await served('teams');
  const [anna, bert] = [at(actors, 0), at(actors, 1)];
  const [team] = await db('teams')
    .insert({ business_id: business.id, number: 5, assign: 'claim' })
    .returning<{ id: number }[]>('id');
  await db('team_agents').insert({ team_id: team?.id, user_id: bert.userId, business_id: business.id });
  const waiting = await services.conversations.transfer(anna, id, { teamNumber: 5 });
  expect(waiting).toMatchObject({ state: 'waiting', teamId: team?.id, agentId: null });
  expect((await services.inbox.list(bert, { view: 'queue', cursor: null, limit: 10 })).rows).toMatchObject([
    { conversation: { id } },
  ]);
  expect(await services.conversations.claim(bert, id)).toMatchObject({ state: 'open', agentId: bert.userId });
});

test('reopen: a closed one is taken up by who asks; a colleague’s is not; a waiting one is claimed', async () => {
  const { services } = site;
  const { actors, customer, id } = await served('again', [{ max: 1 }, {}]);
  const [anna, bert] = [at(actors, 0), at(actors, 1)];
  await services.messages.send(customer, id, text('thanks, bye'));
  await services.conversations.close(anna, id);
  expect(await services.conversations.reopen(bert, id)).toMatchObject({ state: 'open', agentId: bert.userId });
  expect(await services.conversations.reopen(bert, id)).toMatchObject({ agentId: bert.userId });
  expect(await services.messages.unread(bert, id)).toBe(0);
  expect(await codeOf(services.conversations.reopen(anna, id))).toBe('already_claimed');
  await services.conversations.close(bert, id);
  await services.blacklist.add(bert, customer.userId);
  expect(await codeOf(services.conversations.reopen(bert, id))).toBe('blacklisted');
});
