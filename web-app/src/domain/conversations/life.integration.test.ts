import { afterAll, beforeAll, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('a conversation from arrival to close', async () => {
  const { services } = site;
  const business = await site.business('life');
  const alice = await site.agent(business, 'alice');
  const visitor = await site.visitor(business, 'v1');
  await site.told();

  const admission = await services.conversations.admit(business, visitor, byWidget);
  expect(admission).toMatchObject({
    kind: 'assigned',
    agent: { id: alice.userId, load: 1 },
    greeting: 'Welcome to life',
  });
  if (admission.kind !== 'assigned') throw new Error('not assigned');
  const { id } = admission.conversation;
  expect((await site.told()).map((event) => event.type)).toEqual(['conversation.assigned', 'message.created']);

  expect(await services.messages.send(asActor(visitor), id, text('hello', 'c1'))).toMatchObject({
    created: true,
    message: { seq: 2, senderRole: 'customer', content: { text: 'hello' } },
  });
  expect(await services.messages.send(asActor(visitor), id, text('hello', 'c1'))).toMatchObject({
    created: false,
    message: { seq: 2 },
  });
  expect(await site.told()).toMatchObject([
    {
      type: 'message.created',
      message: { seq: 2, content: { text: 'hello' } },
      sender: { uid: 'v1' },
      page: 'https://shop.example/',
      to: { conversationId: id, state: 'open', agentIds: [alice.userId], customerUid: 'v1', businessSlug: 'life' },
    },
  ]);
  expect(await services.inbox.list(alice, { view: 'mine', cursor: null, limit: 10 })).toMatchObject({
    rows: [{ unread: 1, lastMessage: { seq: 2 }, customer: { uid: 'v1' }, agent: { id: alice.userId } }],
    next: null,
  });
  expect(await services.messages.send(alice, id, text('hi'))).toMatchObject({
    message: { seq: 3, senderRole: 'agent' },
  });
  expect(await services.inbox.counts(alice)).toEqual({ mine: 1, queue: 0, unread: 0, longestWaitSince: null });
  expect((await services.messages.list(alice, id, { limit: 50 })).map((message) => message.seq)).toEqual([1, 2, 3]);

  expect(await services.conversations.close(alice, id)).toMatchObject({ state: 'closed', agentId: null });
  expect(await services.conversations.close(alice, id)).toMatchObject({ state: 'closed' });
  expect((await site.told()).map((event) => event.type)).toEqual([
    'message.created',
    'message.created',
    'conversation.closed',
  ]);
  expect(await services.messages.send(asActor(visitor), id, text('one more thing'))).toMatchObject({
    message: { seq: 6 },
  });
  expect(await services.conversations.ofVisitor(asActor(visitor))).toMatchObject({
    conversation: { state: 'open' },
    agent: { id: alice.userId },
  });
});
