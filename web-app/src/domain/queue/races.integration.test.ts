import { afterAll, beforeAll, expect, test } from 'vitest';
import { arriving, asActor, byWidget, openSite, text } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';
import { DomainError } from '../errors.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** One array of the values, one of the codes of the refusals; anything else fails the test. */
async function outcomes<T>(calls: Promise<T>[]): Promise<{ done: T[]; refused: string[] }> {
  const settled = await Promise.allSettled(calls);
  const done = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const refused = settled.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return [];
    if (!(outcome.reason instanceof DomainError)) throw outcome.reason;
    return [outcome.reason.code];
  });
  return { done, refused };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

test('50 agents claim one visitor at once: one winner, 49 are told that a colleague was quicker', async () => {
  const { services } = site;
  const business = await site.business('race-claim', 'claim');
  const agents = await Promise.all(times(50, (index) => site.agent(business, `claimer${index}`)));
  const visitor = await site.visitor(business, 'wanted');
  const admission = await services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'waiting') throw new Error(admission.kind);
  const { id } = admission.conversation;
  await site.told();

  const { done, refused } = await outcomes(agents.map((agent) => services.conversations.claim(agent, id)));
  expect(done).toHaveLength(1);
  expect(refused).toEqual(times(49, () => 'already_claimed'));
  expect(await site.db('episodes').where({ conversation_id: id })).toHaveLength(1);
  const told = await site.told();
  expect(told.filter((event) => event.type === 'conversation.assigned')).toHaveLength(1);
  expect(told.filter((event) => event.type === 'request.updated')).toMatchObject([{ status: 1, place: 0 }]);
});

test('100 messages at once into one conversation: seq 1 to 101 without a gap, none lost, ids rise with seq', async () => {
  const { services } = site;
  const business = await site.business('race-send');
  const alice = await site.agent(business, 'race-alice');
  const visitor = await site.visitor(business, 'writer');
  const admission = await services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'assigned') throw new Error(admission.kind);
  const { id } = admission.conversation;
  await site.told();

  await Promise.all(
    times(100, (index) => {
      const sender = index % 2 === 0 ? alice : asActor(visitor);
      return services.messages.send(sender, id, text(`message ${index}`, `client-${index}`));
    }),
  );
  const messages = await services.messages.list(alice, id, { limit: 200 });
  expect(messages.map((message) => message.seq)).toEqual(times(101, (index) => index + 1));
  const ids = messages.map((message) => message.id);
  expect(ids).toEqual(ids.toSorted((one, other) => one - other));
  const texts = messages.flatMap((message) => (message.type === 'text' ? [message.content.text] : []));
  expect(texts.toSorted()).toEqual(times(100, (index) => `message ${index}`).toSorted());
  const told = (await site.told()).flatMap((event) => (event.type === 'message.created' ? [event.message.seq] : []));
  expect(told).toEqual(times(100, (index) => index + 2));
});

test('the same clientId 20 times at once: one message, one announcement, no gap after it', async () => {
  const { services } = site;
  const business = await site.business('race-once');
  await site.agent(business, 'once-alice');
  const visitor = await site.visitor(business, 'repeater');
  const admission = await services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'assigned') throw new Error(admission.kind);
  const { id } = admission.conversation;
  await site.told();

  const sent = await Promise.all(times(20, () => services.messages.send(asActor(visitor), id, text('once', 'same'))));
  expect(new Set(sent.map(({ message }) => message.id)).size).toBe(1);
  expect(sent.filter(({ created }) => created)).toHaveLength(1);
  expect(await site.told()).toHaveLength(1);
  expect(await services.messages.send(asActor(visitor), id, text('after'))).toMatchObject({ message: { seq: 3 } });
});

test('the same clientId 20 times at once into a closed conversation: one message, one episode', async () => {
  const { services } = site;
  const business = await site.business('race-reopen');
  const alice = await site.agent(business, 'reopen-alice');
  const visitor = await site.visitor(business, 'returner');
  const admission = await services.conversations.admit(business, visitor, byWidget);
  const id = admission.kind === 'assigned' ? admission.conversation.id : 0;
  await services.conversations.close(alice, id);

  const sent = await Promise.all(times(20, () => services.messages.send(asActor(visitor), id, text('again', 'same'))));
  expect(sent.filter(({ created }) => created)).toHaveLength(1);
  expect(await site.db('episodes').where({ conversation_id: id })).toHaveLength(2);
  const messages = await services.messages.list(alice, id, { limit: 50 });
  expect(messages.map((message) => [message.seq, message.type])).toEqual([
    [1, 'system'],
    [2, 'system'],
    [3, 'system'],
    [4, 'text'],
  ]);
});

test('30 visitors at once, three agents with 4 places each: 12 are served, 4 by each, 18 wait in places 1 to 18', async () => {
  const { services } = site;
  const business = await site.business('race-capacity');
  const agents = await Promise.all(times(3, (index) => site.agent(business, `cap${index}`, { max: 4 })));
  const visitors = await Promise.all(times(30, (index) => site.visitor(business, `crowd${index}`)));

  const admissions = await Promise.all(
    visitors.map((visitor) => services.conversations.admit(business, visitor, byWidget)),
  );
  expect(admissions.filter(({ kind }) => kind === 'assigned')).toHaveLength(12);
  const waiting = await Promise.all(visitors.map((visitor) => services.conversations.ofVisitor(asActor(visitor))));
  const places = waiting.flatMap((standing) => (standing?.conversation.state === 'waiting' ? [standing.place] : []));
  expect(places.toSorted((one, other) => one - other)).toEqual(times(18, (index) => index + 1));
  expect((await services.agents.list(business.id)).map(({ load }) => load)).toEqual([4, 4, 4]);

  // Every close lets exactly one in, also all at once.
  const mine = await Promise.all(
    agents.map((agent) => services.inbox.list(agent, { view: 'mine', cursor: null, limit: 50 })),
  );
  await Promise.all(
    mine.flatMap(({ rows }, index) => {
      const agent = agents[index];
      return agent === undefined ? [] : rows.map((row) => services.conversations.close(agent, row.conversation.id));
    }),
  );
  expect((await services.agents.list(business.id)).map(({ load }) => load)).toEqual([4, 4, 4]);
  const first = agents[0];
  if (first === undefined) throw new Error('no agent');
  expect(await services.inbox.counts(first)).toMatchObject({ queue: 6 });
});

test('one visitor comes 20 times at once: one conversation, one wait, or one agent', async () => {
  const { services } = site;
  const claim = await site.business('race-twice-claim', 'claim');
  await site.agent(claim, 'twice-claimer');
  const waiter = await site.visitor(claim, 'impatient');
  const waits = await Promise.all(times(20, () => services.conversations.admit(claim, waiter, byWidget)));
  expect(waits.every((admission) => admission.kind === 'waiting' && admission.place === 1)).toBe(true);
  expect(await site.db('requests').where({ business_id: claim.id })).toHaveLength(1);

  const auto = await site.business('race-twice-auto');
  await Promise.all(times(3, (index) => site.agent(auto, `twice${index}`)));
  const visitor = await site.visitor(auto, 'impatient');
  const admissions = await Promise.all(times(20, () => services.conversations.admit(auto, visitor, byWidget)));
  const agentIds = admissions.map((admission) => (admission.kind === 'assigned' ? admission.agent.id : 0));
  expect(new Set(agentIds).size).toBe(1);
  expect(await site.db('episodes').where({ business_id: auto.id })).toHaveLength(1);
});

test('an unknown visitor arrives 20 times at once under one id: one row, and one call learns its token', async () => {
  const business = await site.business('race-arrive');
  const widgetId = `w-${'0123456789abcdef'.repeat(2)}`;
  const { done, refused } = await outcomes(
    times(20, () => site.services.visitors.arrive(business, arriving(widgetId))),
  );
  expect(done).toMatchObject([{ created: true, token: expect.stringMatching(/^[\w-]{43}$/) as string }]);
  expect(refused).toEqual(times(19, () => 'token_required'));
});

test.each(['nobody is there', 'an agent is there'])(
  '25 first messages at once while %s: one wait or one agent',
  async (who) => {
    const { services } = site;
    const online = who === 'an agent is there';
    const business = await site.business(`race-burst-${online}`);
    const agent = await site.agent(business, `burst-${online}`, { online: false });
    const visitor = await site.visitor(business, 'eager');
    const admission = await services.conversations.admit(business, visitor, byWidget);
    if (admission.kind !== 'offline' || admission.conversation === null) throw new Error(admission.kind);
    if (online) await services.presence.held(agent.userId);
    const { id } = admission.conversation;
    const sent = await Promise.all(
      times(25, (index) => services.messages.send(asActor(visitor), id, text(`message ${index}`, `client-${index}`))),
    );
    const seqs = sent.map(({ message }) => message.seq).toSorted((one, other) => one - other);
    // An assignment takes the first seq for its notice.
    expect(seqs).toEqual(times(25, (index) => index + (online ? 2 : 1)));
    expect(await site.db('requests').where({ conversation_id: id })).toHaveLength(online ? 0 : 1);
    expect(await site.db('episodes').where({ conversation_id: id })).toHaveLength(online ? 1 : 0);
  },
);

test('everything at once: visitors come, write, are claimed, closed and served again; the books agree', async () => {
  const { services } = site;
  const business = await site.business('race-all');
  const agents = await Promise.all(
    times(4, (index) => site.agent(business, `all${index}`, { max: 2, level: 'manager' })),
  );
  const visitors = await Promise.all(times(16, (index) => site.visitor(business, `all${index}`)));
  let turn = 0;
  const round = async (visitor: (typeof visitors)[number]) => {
    for (let step = 0; step < 4; step += 1) {
      const admission = await services.conversations.admit(business, visitor, { ...byWidget, hold: true });
      if (admission.kind === 'blacklisted' || admission.conversation === null) throw new Error(admission.kind);
      const { id } = admission.conversation;
      const agent = agents[(turn += 1) % agents.length];
      if (agent === undefined) throw new Error('no agent');
      await outcomes<unknown>([
        services.messages.send(asActor(visitor), id, text(`step ${step}`, `${visitor.uid}-${step}`)),
        services.conversations.claim(agent, id),
        services.conversations.close(agent, id),
        services.agents.setStatus(agent, step % 2 === 0 ? 'busy' : 'online'),
      ]);
    }
  };
  await Promise.all(visitors.map(round));
  await Promise.all(agents.map((agent) => services.agents.setStatus(agent, 'online')));

  const { rows } = await site.db.raw<{ rows: { bad: string }[] }>(
    `select 'gap' as bad from (select conversation_id, count(*) as n, max(seq) as top from messages
        where business_id = :id group by 1) m where n <> top
     union all select 'waits without request' from conversations c where business_id = :id and state = 'waiting'
        and not exists (select 1 from requests r where r.conversation_id = c.id and r.status = 0)
     union all select 'request without wait' from requests r join conversations c on c.id = r.conversation_id
        where r.business_id = :id and r.status = 0 and c.state <> 'waiting'
     union all select 'open without episode' from conversations c where business_id = :id and state = 'open'
        and not exists (select 1 from episodes e where e.id = c.episode_id and e.closed_at is null and e.agent_id = c.agent_id)
     union all select 'episode without open' from episodes e join conversations c on c.id = e.conversation_id
        where e.business_id = :id and e.closed_at is null and c.state <> 'open'
     union all select 'lost' from (select count(*) as n from messages where business_id = :id and type = 'text') m
        where n <> 64`,
    { id: business.id },
  );
  expect(rows).toEqual([]);
  for (const agent of await services.agents.list(business.id)) expect(agent.load).toBeLessThanOrEqual(2);
  const waiting = await site.db('requests').where({ business_id: business.id, status: 0 });
  const free = (await services.agents.list(business.id)).some((agent) => agent.load < 2);
  expect(waiting.length === 0 || !free).toBe(true);
});

test('locks are taken in one order everywhere, so none of these ever waited for each other', () => {
  expect(site.deadlocks()).toBe(0);
});
