import { afterAll, beforeAll, expect, test } from 'vitest';
import { asActor, byWidget, openSite, text } from '../../../../test-support/domain-site.ts';
import type { TestSite } from '../../../../test-support/domain-site.ts';
import type { AgentActor } from '../actor.ts';
import type { InboxRow } from '../model.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** Every page of a view, `limit` rows at a time. */
async function pages(agent: AgentActor, view: 'mine' | 'queue' | 'all', limit: number): Promise<string[][]> {
  const found: string[][] = [];
  let cursor: string | null = null;
  do {
    const page: { rows: InboxRow[]; next: string | null } = await site.services.inbox.list(agent, {
      view,
      cursor,
      limit,
    });
    found.push(page.rows.map((row) => row.customer.uid));
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

test('mine and all are newest first, the queue oldest first; a cursor goes on where the page ended', async () => {
  const { conversations, messages } = site.services;
  const business = await site.business('paged', 'claim');
  const agent = await site.agent(business, 'paged');
  const ids: number[] = [];
  for (const uid of ['v1', 'v2', 'v3', 'v4', 'v5']) {
    const admission = await conversations.admit(business, await site.visitor(business, uid), byWidget);
    if (admission.kind === 'waiting') ids.push(admission.conversation.id);
  }
  expect(await pages(agent, 'queue', 2)).toEqual([['v1', 'v2'], ['v3', 'v4'], ['v5']]);
  for (const id of ids.slice(0, 4)) await conversations.claim(agent, id);
  expect(await pages(agent, 'mine', 3)).toEqual([['v4', 'v3', 'v2'], ['v1']]);
  expect(await pages(agent, 'all', 50)).toEqual([['v4', 'v3', 'v2', 'v1', 'v5']]);
  const v1 = asActor(await site.visitor(business, 'v1'));
  await messages.send(v1, ids[0] ?? 0, text('me first'));
  expect(await pages(agent, 'mine', 4)).toEqual([['v1', 'v4', 'v3', 'v2']]);
  expect(await pages(agent, 'queue', 1)).toEqual([['v5']]);
});

test('a row has what a list shows; reading moves the cursor forward only, and is told once', async () => {
  const { conversations, messages, inbox } = site.services;
  const business = await site.business('shown');
  const agent = await site.agent(business, 'shown');
  const visitor = await site.visitor(business, 'v');
  const admission = await conversations.admit(business, visitor, byWidget);
  const id = admission.kind === 'assigned' ? admission.conversation.id : 0;
  await messages.send(asActor(visitor), id, text('one'));
  await messages.send(asActor(visitor), id, text('two'));
  await site.told();
  expect(await inbox.one(agent, id)).toMatchObject({
    conversation: { id, state: 'open', lastSeq: 3 },
    customer: { uid: 'v', page: 'https://shop.example/', device: { browser: 'Firefox 140' }, ip: '192.0.2.7' },
    agent: { userName: 'shown', load: 1 },
    lastMessage: { seq: 3, type: 'text', content: { text: 'two' }, createdAt: expect.any(Date) as Date },
    unread: 2,
    customerReadSeq: 3,
    waitingSince: null,
  });
  expect(await messages.markRead(agent, id, 2)).toBe(2);
  expect(await messages.unread(agent, id)).toBe(1);
  expect(await messages.markRead(agent, id, 1)).toBe(2);
  expect(await messages.markRead(agent, id, 9_999_999_999)).toBe(3);
  expect(await messages.markRead(agent, id, 3)).toBe(3);
  expect(await site.told()).toMatchObject([
    { type: 'message.read', readerId: agent.userId, readerRole: 'agent', readSeq: 2, to: { conversationId: id } },
    { type: 'message.read', readSeq: 3 },
  ]);
  await messages.send(agent, id, text('three'));
  expect(await inbox.one(agent, id)).toMatchObject({ unread: 0, customerReadSeq: 3, conversation: { lastSeq: 4 } });
  expect(await messages.unread(asActor(visitor), id)).toBe(1);
});

test('pages of a thread: after a seq, before a seq, or the newest, always ascending', async () => {
  const { conversations, messages } = site.services;
  const business = await site.business('thread');
  await site.agent(business, 'thread');
  const visitor = await site.visitor(business, 'v');
  const admission = await conversations.admit(business, visitor, byWidget);
  const id = admission.kind === 'assigned' ? admission.conversation.id : 0;
  for (const word of ['a', 'b', 'c', 'd', 'e']) await messages.send(asActor(visitor), id, text(word));
  const seqs = async (page: { afterSeq?: number; beforeSeq?: number; limit: number }) =>
    (await messages.list(asActor(visitor), id, page)).map((message) => message.seq);
  expect(await seqs({ limit: 2 })).toEqual([5, 6]);
  expect(await seqs({ afterSeq: 0, limit: 3 })).toEqual([1, 2, 3]);
  expect(await seqs({ afterSeq: 4, limit: 50 })).toEqual([5, 6]);
  expect(await seqs({ afterSeq: 6, limit: 50 })).toEqual([]);
  expect(await seqs({ beforeSeq: 5, limit: 2 })).toEqual([3, 4]);
  expect(await seqs({ afterSeq: 1e18, limit: 2 })).toEqual([]);
});

test('a cursor of nobody’s is refused', async () => {
  const business = await site.business('forged');
  const agent = await site.agent(business, 'forger');
  for (const cursor of ['x', '', '%', "' or 1=1"]) {
    const listing = site.services.inbox.list(agent, { view: 'mine', cursor, limit: 1 });
    await expect(listing).rejects.toMatchObject({ code: 'invalid' });
  }
});
