import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeConsoleServer, type FakeConsoleServer } from './fake-console-server.ts';
import { conversation, message, minute, ownMessage } from './sample-data.ts';
import { openTextStore } from './text-store.ts';
import type { Thread } from './thread-store.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let server: FakeConsoleServer;
let workspace: Workspace;

const memory = () =>
  openTextStore(() => {
    throw new Error('refused');
  });
/** Lets everything that can happen now happen. */
const settle = () => vi.advanceTimersByTimeAsync(600);
const ids = (view: 'mine' | 'queue' | 'all') => workspace.inbox.list(view).rows.map(({ id }) => id);
const seqs = (thread: Thread) => thread.messages.map(({ seq }) => seq);

function say(id: number, ...newSeqs: number[]): void {
  const all = [...(server.messages.get(id) ?? []), ...newSeqs.map((seq) => message(seq, { conversationId: id }))];
  server.messages.set(id, all);
  const row = server.rows.get(id);
  const last = all.at(-1);
  if (row !== undefined && last !== undefined) {
    server.rows.set(id, {
      ...row,
      lastSeq: last.seq,
      lastMessage: last,
      lastMessageAt: last.createdAt,
      unread: last.seq,
    });
  }
}

beforeEach(async () => {
  vi.useFakeTimers();
  server = createFakeConsoleServer();
  server.rows.set(1, conversation(1));
  say(1, 1, 2);
  workspace = createWorkspace({
    api: server.api,
    me: server.me,
    storage: memory(),
    network: true,
    connect: (listener) => server.connect(listener),
  });
  await settle();
});
afterEach(() => {
  workspace.dispose();
  vi.useRealTimers();
});

async function goLive(): Promise<void> {
  server.listener().onLive(true);
  await settle();
}

describe('a workspace and its connection', () => {
  it('is online only after what is shown was read again over a live connection', async () => {
    expect(workspace.connection.value).toBe('reconnecting');
    server.down = true;
    workspace.setReachable(false);
    server.listener().onLive(true);
    await settle();
    expect(workspace.connection.value).toBe('reconnecting');
    server.down = false;
    workspace.setReachable(true);
    await settle();
    expect(workspace.connection.value).toBe('online');
  });

  it('says offline without a network and reads everything again with one', async () => {
    await goLive();
    workspace.setNetwork(false);
    expect(workspace.connection.value).toBe('offline');
    server.calls.length = 0;
    workspace.setNetwork(true);
    await settle();
    expect(server.calls).toContain('list mine');
    expect(workspace.connection.value).toBe('online');
  });

  it('reads after every reconnection what was missed, and keeps each message once', async () => {
    const thread = workspace.show(1);
    await goLive();
    expect(seqs(thread)).toEqual([1, 2]);
    server.listener().onLive(false);
    say(1, 3, 4);
    server.calls.length = 0;
    await goLive();
    expect(server.calls).toContain('messages 1 after 2');
    expect(seqs(thread)).toEqual([1, 2, 3, 4]);
    server.listener().onEvent({ type: 'message', message: message(4) });
    expect(seqs(thread)).toEqual([1, 2, 3, 4]);
  });

  it('shows old rows as long as it cannot read new ones', async () => {
    await goLive();
    server.down = true;
    server.listener().onLive(false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ids('mine')).toEqual([1]);
    expect(workspace.inbox.list('mine').state).toBe('ready');
  });

  it('reads from time to time while no events come', async () => {
    server.rows.set(2, conversation(2, { lastMessageAt: minute(9) }));
    await vi.advanceTimersByTimeAsync(6000);
    expect(ids('mine')).toEqual([2, 1]);
  });
});

describe('a workspace and its events', () => {
  beforeEach(goLive);

  it('shows a message at once, without a call, and moves its conversation up', () => {
    workspace.show(1);
    server.calls.length = 0;
    server.listener().onEvent({ type: 'message', message: message(3) });
    expect(workspace.conversation(1)).toMatchObject({ lastSeq: 3, lastMessage: { seq: 3 } });
    expect(server.calls.filter((call) => call.startsWith('messages'))).toEqual([]);
  });

  it('fills a hole from the server before it shows what came after as the end', async () => {
    const thread = workspace.show(1);
    await settle();
    say(1, 3, 4, 5);
    server.calls.length = 0;
    server.listener().onEvent({ type: 'message', message: message(5) });
    await settle();
    expect(server.calls).toContain('messages 1 after 2');
    expect(seqs(thread)).toEqual([1, 2, 3, 4, 5]);
  });

  it('reads a message that was only announced', async () => {
    const thread = workspace.show(1);
    await settle();
    say(1, 3);
    server.listener().onEvent({ type: 'message-announced', conversationId: 1, seq: 3 });
    await settle();
    expect(seqs(thread)).toEqual([1, 2, 3]);
  });

  it('reads a conversation that it has never met when a message of it comes', async () => {
    server.rows.set(2, conversation(2));
    say(2, 1);
    server.listener().onEvent({ type: 'message', message: message(1, { conversationId: 2 }) });
    await settle();
    expect(ids('mine')).toContain(2);
  });

  it('moves a conversation between the lists as it is claimed and closed', async () => {
    server.rows.set(3, conversation(3, { state: 'waiting', agent: null, waitingSince: minute(1) }));
    await workspace.inbox.list('queue').refresh();
    expect(ids('queue')).toEqual([3]);
    await workspace.claim(3);
    expect(ids('queue')).toEqual([]);
    expect(ids('mine')).toContain(3);
    await workspace.close(3);
    expect(ids('mine')).not.toContain(3);
  });

  it('lets a conversation go when it is transferred, and ends it when its visitor is black-listed', async () => {
    server.rows.set(2, conversation(2));
    server.listener().onEvent({ type: 'conversation', conversationId: 2, agentId: server.me.id });
    await settle();
    expect(ids('mine')).toEqual([1, 2]);
    await workspace.transfer(1, { agentId: 8 });
    void workspace.setBlacklisted(2, true);
    await settle();
    expect(ids('mine')).toEqual([]);
    expect(workspace.conversation(2)).toMatchObject({ state: 'closed', blacklisted: true });
  });

  it("reads what became its own, and nothing of others' that it does not show", async () => {
    server.rows.set(4, conversation(4));
    server.rows.set(5, conversation(5, { agent: { id: 8, name: 'Bob', avatar: '', online: true } }));
    server.calls.length = 0;
    server.listener().onEvent({ type: 'conversation', conversationId: 4, agentId: server.me.id });
    server.listener().onEvent({ type: 'conversation', conversationId: 5, agentId: 8 });
    await settle();
    expect(ids('mine')).toContain(4);
    expect(server.calls).not.toContain('row 5');
  });

  it('lets a claim that came too late fail, and shows who was quicker', async () => {
    server.rows.set(3, conversation(3, { state: 'waiting', agent: null, waitingSince: minute(1) }));
    await workspace.inbox.list('queue').refresh();
    server.rows.set(3, conversation(3, { agent: { id: 8, name: 'Bob', avatar: '', online: true } }));
    await expect(workspace.claim(3)).rejects.toMatchObject({ code: 'already_claimed' });
    await settle();
    expect(ids('queue')).toEqual([]);
    expect(workspace.conversation(3)?.agent?.name).toBe('Bob');
  });

  it('turns ticks and presence by what events say', async () => {
    server.listener().onEvent({ type: 'message', message: ownMessage(3) });
    server.listener().onEvent({ type: 'read', conversationId: 1, readerId: 101, readerRole: 'customer', readSeq: 3 });
    server.listener().onEvent({ type: 'delivered', conversationId: 1, userId: 101, role: 'customer', deliveredSeq: 4 });
    server.listener().onEvent({ type: 'rating', conversationId: 1, score: 5 });
    server.listener().onEvent({ type: 'visitor-presence', channel: 'channel-1', online: false });
    expect(workspace.conversation(1)).toMatchObject({
      customerReadSeq: 3,
      customerDeliveredSeq: 4,
      rating: 5,
      customer: { online: false },
    });
    server.listener().onEvent({ type: 'agent', agentId: server.me.id, online: true, status: 'busy' });
    expect(workspace.own.me.value.status).toBe('busy');
    await settle();
  });

  it('tells once how far it has got what the agent does not read, and nothing of what they read', async () => {
    await settle();
    server.calls.length = 0;
    server.listener().onEvent({ type: 'message', message: message(3) });
    server.listener().onEvent({ type: 'message', message: message(4) });
    await settle();
    server.listener().onEvent({ type: 'message', message: message(5) });
    workspace.markRead(1, 5);
    await settle();
    expect(server.calls.filter((call) => /^(delivered|read)/u.test(call))).toEqual(['delivered 1 4', 'read 1 5']);
  });

  it('hears who types, until they have written', () => {
    server.listener().onEvent({ type: 'typing', conversationId: 1, typing: true });
    expect([workspace.typing.isTyping(1), workspace.typing.isTyping(2)]).toEqual([true, false]);
    server.listener().onEvent({ type: 'message', message: message(3) });
    expect(workspace.typing.isTyping(1)).toBe(false);
  });

  it('marks as read only forward, and tells the furthest', async () => {
    say(1, 3);
    server.calls.length = 0;
    workspace.markRead(1, 2);
    workspace.markRead(1, 3);
    workspace.markRead(1, 1);
    await settle();
    expect(server.calls.filter((call) => call.startsWith('read'))).toEqual(['read 1 2', 'read 1 3']);
    expect(workspace.conversation(1)?.unread).toBe(0);
  });
});

describe('long lists and threads', () => {
  it('are read page by page, and read again as far as they are shown', async () => {
    for (let id = 10; id < 210; id += 1) server.rows.set(id, conversation(id, { lastMessageAt: minute(id) }));
    const list = workspace.inbox.list('mine');
    await list.refresh();
    expect(list.rows).toHaveLength(50);
    while (list.hasMore) await list.loadMore();
    expect(list.rows).toHaveLength(201);
    expect(list.rows[0]?.id).toBe(209);
    server.rows.delete(209);
    await settle();
    const reading = list.refresh();
    await settle();
    await reading;
    expect(list.rows).toHaveLength(200);
  });

  it('begin with the newest messages and go back in pages', async () => {
    say(1, ...Array.from({ length: 120 }, (_, index) => index + 3));
    const thread = workspace.show(1);
    await settle();
    expect([thread.messages[0]?.seq, thread.messages.length, thread.hasOlder]).toEqual([73, 50, true]);
    await thread.loadOlder();
    await thread.loadOlder();
    expect([thread.messages[0]?.seq, thread.messages.length, thread.hasOlder]).toEqual([1, 122, false]);
  });

  it('say that a conversation is not there', async () => {
    const thread = workspace.show(99);
    await settle();
    expect(thread.state).toBe('missing');
  });
});
