import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text, type TestSite } from '../../../../test-support/domain-site.ts';
import type { AgentActor, VisitorActor } from '../actor.ts';
import { createServices } from '../create-services.ts';
import { DomainError } from '../errors.ts';
import type { Message } from '../model.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
// Sweeping looks at the calls of all businesses.
afterEach(() => site.db('calls').delete());
afterAll(() => site.close());

interface Talk {
  agent: AgentActor;
  customer: VisitorActor;
  id: number;
}

/** A visitor and an agent in an open conversation, in a business of their own. */
async function talkOf(name: string): Promise<Talk> {
  const business = await site.business(name);
  const agent = await site.agent(business, `${name}-agent`);
  const visitor = await site.visitor(business, 'caller');
  const admission = await site.services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'assigned') throw new Error(admission.kind);
  await site.told();
  return { agent, customer: asActor(visitor), id: admission.conversation.id };
}

/** The codes of the refusals among these. */
async function refusalsOf(attempts: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(attempts);
  return settled.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return [];
    if (!(outcome.reason instanceof DomainError)) throw outcome.reason;
    return [outcome.reason.code];
  });
}

async function recordsOf({ agent, id }: Pick<Talk, 'agent' | 'id'>): Promise<Message[]> {
  const messages = await site.services.messages.list(agent, id, { limit: 100 });
  return messages.filter(({ type }) => type === 'call');
}

/** As if so many seconds had passed for every live call. */
async function letPass(seconds: number): Promise<void> {
  await site.db.raw(
    `update calls set offered_at = offered_at - make_interval(secs => :seconds), due_at = due_at - make_interval(secs => :seconds),
            accepted_at = accepted_at - make_interval(secs => :seconds) where ended_at is null`,
    { seconds },
  );
}

describe('a call', () => {
  test('rings at the other side, is answered, hung up, and leaves one record of how long it was', async () => {
    const { calls } = site.services;
    const talk = await talkOf('whole-call');
    const call = await calls.offer(talk.customer, talk.id, 'video');
    expect(call).toMatchObject({ room: expect.stringMatching(/^[0-9a-f]{32}$/) as string, state: 'ringing' });
    expect(await calls.accept(talk.agent, call.room)).toMatchObject({ room: call.room, state: 'accepted' });
    await letPass(30);
    await calls.keepAlive(talk.customer, call.room);
    await letPass(17);
    expect(await calls.end(talk.agent, call.room)).toMatchObject({ state: 'ended' });
    expect(await calls.end(talk.customer, call.room)).toMatchObject({ state: 'ended' });

    expect(await site.told()).toMatchObject([
      { type: 'call.offered', room: call.room, kind: 'video', callerRole: 'customer', agentId: talk.agent.userId },
      { type: 'call.accepted', room: call.room },
      { type: 'call.ended', room: call.room, outcome: 'ended' },
      { type: 'message.created' },
    ]);
    expect(await recordsOf(talk)).toMatchObject([
      { senderId: talk.customer.userId, content: { kind: 'video', outcome: 'ended', durationS: 47 } },
    ]);
  });

  test('that the callee refuses is refused, that the caller withdraws is missed', async () => {
    const { calls } = site.services;
    const talk = await talkOf('no-call');
    const refused = await calls.offer(talk.agent, talk.id, 'audio');
    await calls.end(talk.customer, refused.room);
    const withdrawn = await calls.offer(talk.agent, talk.id, 'audio');
    await calls.end(talk.agent, withdrawn.room);
    expect((await recordsOf(talk)).map(({ senderId, content }) => ({ senderId, content }))).toEqual([
      { senderId: talk.agent.userId, content: { kind: 'audio', outcome: 'refused', durationS: 0 } },
      { senderId: talk.agent.userId, content: { kind: 'audio', outcome: 'missed', durationS: 0 } },
    ]);
    expect(await refusalsOf([calls.accept(talk.customer, withdrawn.room)])).toEqual(['conflict']);
  });

  test('that rings is found by a page that came later, on the callee’s side alone', async () => {
    const { calls } = site.services;
    const talk = await talkOf('late-page');
    expect(await calls.ringing(talk.agent)).toBeNull();
    const { room } = await calls.offer(talk.customer, talk.id, 'video');
    expect(await calls.ringing(talk.agent)).toMatchObject({ call: { room }, caller: { id: talk.customer.userId } });
    expect(await calls.ringing(talk.customer)).toBeNull();
    await calls.accept(talk.agent, room);
    expect(await calls.ringing(talk.agent)).toBeNull();
    await calls.end(talk.agent, room);
    const back = await calls.offer(talk.agent, talk.id, 'audio');
    expect(await calls.ringing(talk.customer)).toMatchObject({ call: { room: back.room } });
    await letPass(45);
    expect(await calls.ringing(talk.customer)).toBeNull();
  });

  test('is answered by one of ten tabs, and nine hear that it was taken', async () => {
    const { calls } = site.services;
    const talk = await talkOf('ten-tabs');
    const { room } = await calls.offer(talk.customer, talk.id, 'audio');
    const refusals = await refusalsOf(Array.from({ length: 10 }, () => calls.accept(talk.agent, room)));
    expect(refusals).toEqual(Array.from({ length: 9 }, () => 'already_claimed'));
    expect((await site.told()).filter(({ type }) => type === 'call.accepted')).toHaveLength(1);
  });

  test('answered and withdrawn at once is one of the two, with one record', async () => {
    const { calls } = site.services;
    const talk = await talkOf('at-once');
    for (let round = 0; round < 5; round += 1) {
      const { room } = await calls.offer(talk.customer, talk.id, 'audio');
      const [accepted] = await Promise.allSettled([calls.accept(talk.agent, room), calls.end(talk.customer, room)]);
      const [record] = (await recordsOf(talk)).slice(round);
      expect(record?.content).toMatchObject({ outcome: accepted.status === 'fulfilled' ? 'ended' : 'missed' });
    }
    expect(await recordsOf(talk)).toHaveLength(5);
  });
});

describe('one call at a time', () => {
  test('in a conversation, even when both sides call at once', async () => {
    const { calls } = site.services;
    const talk = await talkOf('both-call');
    const offers = [calls.offer(talk.customer, talk.id, 'audio'), calls.offer(talk.agent, talk.id, 'audio')];
    expect(await refusalsOf(offers)).toEqual(['busy']);
    expect(await refusalsOf([calls.offer(talk.agent, talk.id, 'video')])).toEqual(['busy']);
  });

  test('of an agent, whoever calls', async () => {
    const { calls, conversations } = site.services;
    const talk = await talkOf('busy-agent');
    const business = await site.services.businesses.bySlug('busy-agent');
    if (business === null) throw new Error('no business');
    const second = await site.visitor(business, 'second');
    const admission = await conversations.admit(business, second, byWidget);
    if (admission.kind !== 'assigned') throw new Error(admission.kind);
    const { room } = await calls.offer(talk.customer, talk.id, 'audio');
    const again = () => calls.offer(asActor(second), admission.conversation.id, 'audio');
    expect(await refusalsOf([again()])).toEqual(['busy']);
    await calls.accept(talk.agent, room);
    expect(await refusalsOf([again()])).toEqual(['busy']);
    await calls.end(talk.agent, room);
    expect(await again()).toMatchObject({ state: 'ringing', agentId: talk.agent.userId });
  });
});

describe('due times', () => {
  test('an unanswered call is missed after 45 s, once, whichever process looks after a restart', async () => {
    const talk = await talkOf('nobody-answers');
    const { room } = await site.services.calls.offer(talk.customer, talk.id, 'audio');
    await letPass(44);
    expect(await site.services.calls.sweep(100)).toBe(0);
    await letPass(1);
    expect(await refusalsOf([site.services.calls.accept(talk.agent, room)])).toEqual(['conflict']);
    const restarted = [1, 2].map(() => createServices(site.db, { announce: () => undefined }, { filesDir: '/tmp' }));
    const swept = await Promise.all(restarted.map(({ calls }) => calls.sweep(100)));
    expect(swept.toSorted()).toEqual([0, 1]);
    expect((await site.told()).filter(({ type }) => type === 'call.ended')).toMatchObject([
      { room, outcome: 'missed' },
    ]);
    expect(await recordsOf(talk)).toMatchObject([
      { senderId: talk.customer.userId, content: { kind: 'audio', outcome: 'missed', durationS: 0 } },
    ]);
    expect(await site.services.calls.offer(talk.customer, talk.id, 'audio')).toMatchObject({ state: 'ringing' });
  });

  test('a call of which both pages are gone is over a minute after their last word', async () => {
    const { calls } = site.services;
    const talk = await talkOf('pages-gone');
    const { room } = await calls.offer(talk.agent, talk.id, 'video');
    await calls.accept(talk.customer, room);
    await letPass(50);
    await calls.keepAlive(talk.agent, room);
    await letPass(59);
    expect(await calls.sweep(100)).toBe(0);
    await letPass(30);
    expect(await calls.sweep(100)).toBe(1);
    expect(await recordsOf(talk)).toMatchObject([{ content: { kind: 'video', outcome: 'ended', durationS: 110 } }]);
    expect(await refusalsOf([calls.keepAlive(talk.agent, room)])).toEqual(['conflict']);
  });
});

describe('with its conversation', () => {
  test('a call ends when that is closed: the record comes before the notice', async () => {
    const { calls, conversations, messages } = site.services;
    const talk = await talkOf('closed-call');
    const { room } = await calls.offer(talk.customer, talk.id, 'audio');
    await calls.accept(talk.agent, room);
    await conversations.close(talk.agent, talk.id);
    const said = await messages.list(talk.agent, talk.id, { limit: 10 });
    expect(said.slice(-2)).toMatchObject([
      { type: 'call', content: { outcome: 'ended' } },
      { type: 'system', content: { notice: 'closed' } },
    ]);
    expect(await refusalsOf([calls.keepAlive(talk.customer, room)])).toEqual(['conflict']);
    expect(await refusalsOf([calls.offer(talk.customer, talk.id, 'audio')])).toEqual(['conflict']);
    expect(await refusalsOf([calls.offer(talk.agent, talk.id, 'audio')])).toEqual(['not_your_conversation']);
  });

  test('a call ends when that is given to a colleague, for whom question and call are unread', async () => {
    const { calls, conversations, messages } = site.services;
    const talk = await talkOf('moved-call');
    const business = await site.services.businesses.bySlug('moved-call');
    if (business === null) throw new Error('no business');
    const colleague = await site.agent(business, 'moved-call-other');
    await messages.send(talk.customer, talk.id, text('one more question'));
    const { room } = await calls.offer(talk.customer, talk.id, 'audio');
    await conversations.transfer(talk.agent, talk.id, { agentId: colleague.userId });
    expect(await recordsOf({ agent: colleague, id: talk.id })).toMatchObject([{ content: { outcome: 'missed' } }]);
    expect(await messages.unread(colleague, talk.id)).toBe(2);
    expect(await refusalsOf([calls.accept(colleague, room)])).toEqual(['not_found']);
    expect(await calls.offer(talk.customer, talk.id, 'audio')).toMatchObject({ agentId: colleague.userId });
  });
});

describe('walls', () => {
  test('to anybody but its two sides a call is not there', async () => {
    const { calls } = site.services;
    const talk = await talkOf('walled-call');
    const other = await talkOf('elsewhere-call');
    const business = await site.services.businesses.bySlug('walled-call');
    if (business === null) throw new Error('no business');
    const neighbour = asActor(await site.visitor(business, 'neighbour'));
    const manager = await site.agent(business, 'walled-manager', { level: 'super_manager' });
    const { room } = await calls.offer(talk.customer, talk.id, 'audio');
    for (const stranger of [neighbour, manager, other.agent, other.customer]) {
      const attempts = [calls.accept(stranger, room), calls.end(stranger, room), calls.keepAlive(stranger, room)];
      expect(await refusalsOf(attempts)).toEqual(['not_found', 'not_found', 'not_found']);
    }
    expect(await refusalsOf([calls.accept(talk.customer, room)])).toEqual(['not_found']);
    expect(await refusalsOf([neighbour, other.agent].map((who) => calls.offer(who, talk.id, 'audio')))).toEqual([
      'not_found',
      'not_found',
    ]);
    expect(await refusalsOf([calls.offer(manager, talk.id, 'audio')])).toEqual(['not_your_conversation']);
    for (const unknown of ['', 'x', room.toUpperCase(), '0'.repeat(32)]) {
      expect(await refusalsOf([calls.end(talk.agent, unknown)])).toEqual(['not_found']);
    }
    expect(await calls.accept(talk.agent, room)).toMatchObject({ state: 'accepted' });
  });

  test('a kind that the business has switched off cannot be offered', async () => {
    const talk = await talkOf('silent-business');
    await site
      .db('businesses')
      .where({ slug: 'silent-business' })
      .update({ settings: site.db.raw(`settings || '{"videoState":"close"}'`) });
    // Made anew: a process remembers a business for some seconds.
    const { calls } = createServices(site.db, { announce: () => undefined }, { filesDir: '/tmp' });
    expect(await refusalsOf([calls.offer(talk.customer, talk.id, 'video')])).toEqual(['forbidden']);
    expect(await calls.offer(talk.customer, talk.id, 'audio')).toMatchObject({ kind: 'audio' });
  });
});
