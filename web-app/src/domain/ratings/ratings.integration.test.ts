import { afterAll, beforeAll, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';
import type { AgentActor, VisitorActor } from '../actor.ts';
import { DomainError } from '../errors.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

async function begun(slug: string): Promise<{ agent: AgentActor; customer: VisitorActor; id: number }> {
  const business = await site.business(slug);
  const agent = await site.agent(business, slug);
  const visitor = await site.visitor(business, 'v');
  const admission = await site.services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'assigned') throw new Error(admission.kind);
  await site.told();
  return { agent, customer: asActor(visitor), id: admission.conversation.id };
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

const scoresOf = (id: number) =>
  site
    .db('ratings')
    .join('episodes', 'episodes.id', 'ratings.episode_id')
    .where({ conversation_id: id })
    .orderBy('episodes.id')
    .pluck<number[]>('score');

test('one rating an episode, changed within ten minutes and no more; each change of the score is said and told', async () => {
  const { services, db } = site;
  const { agent, customer, id } = await begun('rated');
  await services.ratings.give(customer, id, { score: 3, comment: ' so so ' });
  expect(await site.told()).toMatchObject([
    { type: 'message.created', message: { senderRole: 'system', content: { notice: 'rated', score: 3 } } },
    { type: 'rating.given', score: 3, agentId: agent.userId, to: { conversationId: id } },
  ]);
  await services.ratings.give(customer, id, { score: 3, comment: 'so so' });
  expect(await site.told()).toEqual([]);
  await services.ratings.give(customer, id, { score: 5, comment: 'no, good' });
  expect(await site.told()).toHaveLength(2);
  expect(await db('ratings').select('score', 'comments')).toEqual([{ score: 5, comments: 'no, good' }]);
  expect(await services.inbox.one(agent, id)).toMatchObject({ rating: 5, unread: 0 });

  await db('ratings').update({ closed_for_change_at: db.raw("now() - interval '1 second'") });
  expect(await codeOf(services.ratings.give(customer, id, { score: 1, comment: '' }))).toBe('conflict');
  expect(await codeOf(services.ratings.request(agent, id))).toBe('conflict');
  expect(await scoresOf(id)).toEqual([5]);
});

test('after the close the last agent hears of it, and what comes next counts from there; the next episode is rated anew', async () => {
  const { services } = site;
  const { agent, customer, id } = await begun('closed');
  await services.conversations.close(agent, id);
  await site.told();
  await services.ratings.give(customer, id, { score: 2, comment: '' });
  expect((await site.told()).at(-1)).toMatchObject({
    type: 'rating.given',
    agentId: agent.userId,
    to: { state: 'closed', agentIds: [] },
  });
  await services.messages.send(customer, id, text('one more thing'));
  expect(await services.inbox.one(agent, id)).toMatchObject({
    unread: 1,
    rating: null,
    conversation: { state: 'open' },
  });
  await services.ratings.give(customer, id, { score: 4, comment: '' });
  expect(await scoresOf(id)).toEqual([2, 4]);
});

test('ten at once: one row, with the score that the thread told last', async () => {
  const { services } = site;
  const { agent, customer, id } = await begun('at-once');
  const scores = Array.from({ length: 10 }, (_, index) => 1 + (index % 5));
  await Promise.all(scores.map((score) => services.ratings.give(customer, id, { score, comment: '' })));
  const said = (await services.messages.list(agent, id, { limit: 50 })).flatMap((message) =>
    message.type === 'system' && message.content.notice === 'rated' ? [message.content.score] : [],
  );
  expect(await scoresOf(id)).toEqual([said.at(-1)]);
});

test('an agent asks once, only in a conversation of its own that is open', async () => {
  const { services } = site;
  const { agent, customer, id } = await begun('asked');
  const other = await begun('asked-elsewhere');
  await services.ratings.request(agent, id);
  await services.ratings.request(agent, id);
  expect(await site.told()).toMatchObject([{ message: { content: { notice: 'rating_requested' } } }]);
  expect(await codeOf(services.ratings.request(other.agent, id))).toBe('not_found');
  expect(await codeOf(services.ratings.request({ ...agent, userId: other.agent.userId }, id))).toBe(
    'not_your_conversation',
  );
  expect(await codeOf(services.ratings.give(other.customer, id, { score: 5, comment: '' }))).toBe('not_found');
  await services.messages.send(customer, id, text('later'));
  await services.ratings.request(agent, id);
  expect(await site.told()).toHaveLength(2);
  await services.conversations.close(agent, id);
  expect(await codeOf(services.ratings.request(agent, id))).toBe('not_your_conversation');
});

test('refused: no score, a comment that is too long or no text, a conversation that nobody has answered', async () => {
  const { services } = site;
  const { customer, id } = await begun('wrong');
  for (const score of [0, 6, 2.5, NaN]) {
    expect(await codeOf(services.ratings.give(customer, id, { score, comment: '' }))).toBe('invalid');
  }
  for (const comment of ['x'.repeat(1001), 'a\0b']) {
    expect(await codeOf(services.ratings.give(customer, id, { score: 5, comment }))).toBe('invalid');
  }
  const business = await site.business('empty', 'claim');
  await site.agent(business, 'empty');
  const visitor = await site.visitor(business, 'v');
  const admission = await services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'waiting') throw new Error(admission.kind);
  const waits = services.ratings.give(asActor(visitor), admission.conversation.id, { score: 5, comment: '' });
  expect(await codeOf(waits)).toBe('conflict');
});
