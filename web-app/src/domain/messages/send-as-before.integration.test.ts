import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arriving, asActor, byWidget, openSite, text } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';
import type { AgentActor } from '../actor.ts';
import type { Business, Visitor } from '../model.ts';
import type { Standing } from '../services.ts';
import { tokenHash } from '../users/tokens.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

interface Talk {
  business: Business;
  visitor: Visitor;
  token: string;
  anna: AgentActor;
  standing: Standing;
}

let talks = 0;

/** A visitor who shows nothing talks with Anna, where that is enough. */
async function talk(): Promise<Talk> {
  const slug = `talk-${(talks += 1)}`;
  const business = { ...(await site.business(slug)), legacyVisitors: true };
  await site.db('businesses').where({ id: business.id }).update({ legacy_visitors: true });
  const anna = await site.agent(business, `${slug}-anna`);
  const { visitor, token } = await site.services.visitors.arrive(business, arriving('42'));
  const admission = await site.services.conversations.admit(business, visitor, byWidget);
  if (admission.kind !== 'assigned') throw new Error(admission.kind);
  const standing: Standing = {
    actor: asActor(visitor),
    uid: '42',
    proof: 'none',
    tokenHash: null,
    conversationId: admission.conversation.id,
    agentId: anna.userId,
  };
  await site.told();
  return { business, visitor, token: token ?? '', anna, standing };
}

const lastWords = async ({ anna, standing }: Talk) =>
  (await site.services.messages.list(anna, standing.conversationId, { limit: 1 })).at(-1);

test('it stores and tells what `send` does', async () => {
  const one = await talk();
  const { messages } = site.services;
  const sent = await messages.send(one.standing.actor, one.standing.conversationId, text('hello', 'c1'));
  const [first] = await site.told();
  const again = await messages.sendAsBefore(one.standing, text('hello', 'c2'));
  const [second] = await site.told();
  if (again === null || first?.type !== 'message.created' || second?.type !== 'message.created')
    throw new Error('untold');
  const { id, createdAt } = again;
  expect(again).toEqual({ ...sent.message, seq: sent.message.seq + 1, clientId: 'c2', id, createdAt });
  expect(again).toEqual(await lastWords(one));
  const message = { ...first.message, seq: again.seq, clientId: 'c2', id, createdAt: createdAt.toISOString() };
  expect(second).toEqual({ ...first, message });
  expect(await messages.unread(one.anna, one.standing.conversationId)).toBe(2);
  expect(await messages.unread(one.standing.actor, one.standing.conversationId)).toBe(0);
});

test('the same clientId again is left to `send`, which finds the message', async () => {
  const { standing } = await talk();
  const { messages } = site.services;
  const first = await messages.sendAsBefore(standing, text('hello', 'c1'));
  expect(await messages.sendAsBefore(standing, text('hello', 'c1'))).toBeNull();
  const again = await messages.send(standing.actor, standing.conversationId, text('hello', 'c1'));
  expect(again).toEqual({ message: first, created: false });
});

test('what nobody may say is refused', async () => {
  const { standing } = await talk();
  const said = site.services.messages.sendAsBefore(standing, text(' \n'));
  await expect(said).rejects.toMatchObject({ code: 'empty_message' });
});

describe('nothing is stored once', () => {
  const changes: Record<string, (talk: Talk) => Promise<unknown>> = {
    'the token was shown': ({ token }) => site.services.visitors.byToken(token),
    'the site took the id': ({ business }) =>
      site.services.visitors.arrive(business, arriving('42', { proof: 'site' })),
    'the business asks everybody for a token': ({ business }) =>
      site.db('businesses').where({ id: business.id }).update({ legacy_visitors: false }),
    'the visitor was black-listed': ({ anna, visitor }) => site.services.blacklist.add(anna, visitor.id),
    'the conversation was closed': ({ anna, standing }) =>
      site.services.conversations.close(anna, standing.conversationId),
    'another agent has it': async ({ business, anna, standing }) => {
      const bert = await site.agent(business, `${business.slug}-bert`);
      await site.services.conversations.transfer(anna, standing.conversationId, { agentId: bert.userId });
    },
  };
  test.each(Object.keys(changes))('%s', async (change) => {
    const one = await talk();
    await changes[change]?.(one);
    const before = await lastWords(one);
    expect(await site.services.messages.sendAsBefore(one.standing, text('hello'))).toBeNull();
    expect(await lastWords(one)).toEqual(before);
  });

  test('it is somebody else’s word, conversation or business', async () => {
    const [one, other] = [await talk(), await talk()];
    const stranger = await site.services.visitors.arrive(one.business, arriving('43'));
    const wrong: Partial<Standing>[] = [
      { uid: '43' },
      { actor: asActor(stranger.visitor) },
      { actor: asActor(stranger.visitor), uid: '43' },
      { actor: other.standing.actor },
      { conversationId: other.standing.conversationId },
      { agentId: null },
      { proof: 'site' },
      { proof: 'token', tokenHash: tokenHash(one.token) },
    ];
    for (const part of wrong) {
      expect(await site.services.messages.sendAsBefore({ ...one.standing, ...part }, text('hello'))).toBeNull();
    }
    expect(await lastWords(one)).toMatchObject({ type: 'system' });
  });
});

test('who showed a token goes on with that token and no other', async () => {
  const { token, standing } = await talk();
  const { messages, visitors } = site.services;
  await visitors.byToken(token);
  const shown = (hash: Buffer): Standing => ({ ...standing, proof: 'token', tokenHash: hash });
  expect(await messages.sendAsBefore(shown(tokenHash('another')), text('hello'))).toBeNull();
  expect(await messages.sendAsBefore(shown(tokenHash(token)), text('hello'))).toMatchObject({ senderRole: 'customer' });
});

test('whom the site signed goes on so', async () => {
  const { visitor, standing } = await talk();
  await site.db('users').where({ id: visitor.id }).update({ proof: 'site', token_required: true });
  const { messages } = site.services;
  expect(await messages.sendAsBefore(standing, text('hello'))).toBeNull();
  expect(await messages.sendAsBefore({ ...standing, proof: 'site' }, text('hello'))).not.toBeNull();
});

test('many at once are stored each in their own conversation, once and in order; one of them takes nobody with it', async () => {
  const { messages } = site.services;
  const all = await Promise.all(Array.from({ length: 12 }, talk));
  const [first] = all;
  if (first === undefined) throw new Error('nobody talks');
  await messages.sendAsBefore(first.standing, text('said before', 'c0'));
  for (let round = 0; round < 5; round += 1) {
    const sent = await Promise.all(
      all.map(({ standing }, index) => messages.sendAsBefore(standing, text(`${round} of ${index}`, `c${round}`))),
    );
    // Its first clientId was used before.
    expect(sent.map((message) => message !== null)).toEqual(all.map((_, index) => round > 0 || index > 0));
  }
  for (const [index, { anna, standing }] of all.entries()) {
    const stored = await messages.list(anna, standing.conversationId, { limit: 50 });
    const said = stored.flatMap((message) => (message.type === 'text' ? [message.content.text] : []));
    const rounds = [0, 1, 2, 3, 4].map((round) => `${round} of ${index}`);
    expect(said).toEqual(index === 0 ? ['said before', ...rounds.slice(1)] : rounds);
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, place) => place + 1));
  }
});

test('nobody waits for a conversation that somebody else is writing to, their own or another’s', async () => {
  const { messages } = site.services;
  const [held, free] = [await talk(), await talk()];
  await site.db.transaction(async (transaction) => {
    await transaction('conversations').where({ id: held.standing.conversationId }).forNoKeyUpdate().first('id');
    const sent = [held, free, free].map(({ standing }, index) =>
      messages.sendAsBefore(standing, text(`word ${index}`)),
    );
    expect((await Promise.all(sent)).map((message) => message !== null)).toEqual([false, true, true]);
  });
  expect(await messages.sendAsBefore(held.standing, text('now'))).not.toBeNull();
});
