import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../test-support/redis.ts';
import { Nodes } from '../cluster/nodes.ts';
import { frame, subscribeFrame } from '../frames.ts';
import { APP } from '../start.ts';
import { framesIn, framesOf, HttpSession, newSession, socketIdIn } from './http-client.ts';

/** Characters that leave room for some tens of events in one response. */
const PADDING = 'é'.repeat(5_000);

describe.skipIf(redisIsMissing)('a fallback session whose requests reach two processes', () => {
  let redis: RedisServer;
  let nodes: Nodes;
  const sessions: HttpSession[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    nodes = await Nodes.open({ redisPort: redis.port });
  });
  afterEach(() => {
    for (const session of sessions.splice(0)) session.close();
  });
  afterAll(async () => {
    await nodes.close();
    await redis.stop();
  });

  /** The requests of one session at each of the two nodes. */
  function twoDoors(path = `/pusher/app/${APP.key}/${newSession()}`) {
    const doors = [0, 1].map((node) => new HttpSession(nodes.port(node), path));
    sessions.push(...doors);
    const [owner, other] = doors as [HttpSession, HttpSession];
    return { owner, other };
  }

  /** A session that was opened with a stream at the first node. */
  async function streaming() {
    const { owner, other } = twoDoors();
    const stream = await owner.stream();
    expect(await stream.next()).toBe('o');
    return { owner, other, stream, id: socketIdIn(framesOf(await stream.next())) };
  }

  async function polling() {
    const { owner, other } = twoDoors();
    return { owner, other, id: socketIdIn(framesIn(await owner.poll())) };
  }

  const number = async (count: number) => {
    for (let index = 0; index < count; index++) {
      expect(await nodes.trigger(index % 2, 'news', `${String(index)} ${PADDING}`)).toBe(200);
    }
  };
  const numbersOf = (frames: readonly { data?: unknown }[]) => frames.map(({ data }) => parseInt(String(data), 10));
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
  /** Those that one node triggered, then those of the other: two nodes' events may be seen in either order. */
  const byNode = (numbers: readonly number[]) => [0, 1].map((node) => numbers.filter((each) => each % 2 === node));

  it('K70, T3: what is sent to the other process is done by the owner, in order, and answered when it was', async () => {
    const { other, stream, id } = await streaming();
    expect(await other.frames({ event: 'pusher:nothing' }, { event: 'pusher:ping', data: {} })).toEqual({
      status: 204,
      text: '',
    });
    expect(framesOf(await stream.next()).map(({ event }) => event)).toEqual(['pusher:error', 'pusher:pong']);
    const channels = Array.from({ length: 50 }, (_, index) => `c-${String(index)}`);
    await Promise.all(channels.map((channel) => other.frames(subscribeFrame(id, channel))));
    const joined: (string | undefined)[] = [];
    while (joined.length < channels.length) joined.push(...framesOf(await stream.next()).map(({ channel }) => channel));
    expect([...joined].sort()).toEqual([...channels].sort());
  });

  it('K70, T4: the other process answers as the owner would', async () => {
    const { owner, other, stream } = await streaming();
    expect((await other.send('{"no":"frames"}')).status).toBe(400);
    expect((await other.frames()).status).toBe(204);
    expect(await stream.next()).toBe('a[]');
    expect((await twoDoors().other.frames()).status).toBe(404);
    stream.abort();
    await expect.poll(async () => (await other.frames()).status).toBe(404);
    expect((await owner.frames()).status).toBe(404);
  });

  it('K71, T6: a poll at the other process gets what there is, at once or when something comes', async () => {
    const { owner, other, id } = await polling();
    await other.frames(subscribeFrame(id, 'news'));
    expect(framesIn(await other.poll())).toMatchObject([{ event: 'pusher_internal:subscription_succeeded' }]);
    const waiting = other.poll();
    await nodes.trigger(1, 'news', 'one');
    expect(framesIn(await waiting)).toMatchObject([{ data: 'one' }]);
    for (const text of ['two', 'three', 'four']) {
      await nodes.trigger(0, 'news', text);
      expect(framesIn(await (text === 'three' ? owner : other).poll())).toMatchObject([{ data: text }]);
    }
  });

  it('K71, T5: a stream that is full goes on at the other process, without a gap', async () => {
    const { owner, other, stream: first, id } = await streaming();
    await other.frames(subscribeFrame(id, 'news'));
    await first.next();
    await number(120);
    const received: number[] = [];
    let streams = 1;
    let stream = first;
    while (received.length < 120) {
      received.push(...numbersOf(framesOf(await stream.next())));
      if (!stream.isFull) continue;
      stream.abort();
      stream = await (streams % 2 === 1 ? other : owner).stream();
      streams += 1;
    }
    expect(byNode(received)).toEqual(byNode(upTo(120)));
    expect(streams).toBeGreaterThan(2);
    stream.abort();
  });

  it('K71, T10: a second response, wherever it is, ends the first', async () => {
    const { owner, other, stream } = await streaming();
    const second = await other.stream();
    expect(await stream.next()).toBeNull();
    await other.frames({ event: 'pusher:ping', data: {} });
    expect(await second.next()).toBe('a[]');
    expect(framesOf(await second.next())).toMatchObject([{ event: 'pusher:pong' }]);
    const third = await owner.stream();
    expect(await second.next()).toBeNull();
    await other.frames({ event: 'pusher:ping', data: {} });
    await third.next();
    expect(framesOf(await third.next())).toMatchObject([{ event: 'pusher:pong' }]);
  });

  it('K71, T11: a stream at the other process that is not read and then is goes on, all of it', async () => {
    const { other, stream: first, id } = await streaming();
    const stream = await other.stream();
    expect(await first.next()).toBeNull();
    expect(await stream.next()).toBe('a[]');
    await other.frames(subscribeFrame(id, 'news'));
    await stream.next();
    stream.pause();
    await number(22);
    stream.resume();
    const received: number[] = [];
    while (received.length < 22) received.push(...numbersOf(framesOf(await stream.next())));
    expect(byNode(received)).toEqual(byNode(upTo(22)));
    await other.frames();
    expect(await stream.next()).toBe('a[]');
  });

  it('K72, T9: who leaves a response at the other process has left', async () => {
    const watcher = await nodes.guest(0);
    await watcher.join('presence-room', 'ann');
    const { other, stream: first, id } = await streaming();
    const stream = await other.stream();
    expect(await first.next()).toBeNull();
    await other.frames(subscribeFrame(id, 'presence-room', { user_id: 'bob' }));
    expect(await frame(watcher.client, 'pusher_internal:member_added')).toMatchObject({ channel: 'presence-room' });
    stream.abort();
    expect(await frame(watcher.client)).toMatchObject({ event: 'pusher_internal:member_removed' });
    expect((await other.frames()).status).toBe(404);
  });

  it('K72, T8: a close is told in a poll at the other process', async () => {
    const { other, id } = await polling();
    await other.frames(...(await signIn(id)));
    expect(framesIn(await other.poll())).toMatchObject([{ event: 'pusher:signin_success' }]);
    const waiting = other.poll();
    await nodes.rest(1, 'POST', '/users/u1/terminate_connections', { body: '{}' });
    let text = (await waiting).text;
    if (!text.includes('\nc[')) text += (await other.poll()).text;
    expect(text).toMatch(/pusher:error.*4009.*\nc\[4009,"[^"]+"\]\n$/);
  });

  async function signIn(socketId: string): Promise<readonly unknown[]> {
    const { userAuth } = await import('../../src/protocol/signature.ts');
    const userData = '{"id":"u1"}';
    return [{ event: 'pusher:signin', data: { auth: userAuth(APP, socketId, userData), user_data: userData } }];
  }

  it('K73: what Redis lost on the way breaks the response off, and the session with it', async () => {
    const { owner, other, stream: first, id } = await streaming();
    const stream = await other.stream();
    expect(await first.next()).toBeNull();
    await other.frames(subscribeFrame(id, 'news'));
    await stream.next();
    await stream.next();
    await nodes.trigger(0, 'news', 'before');
    expect(framesOf(await stream.next())).toMatchObject([{ data: 'before' }]);
    nodes.link(1).cut();
    await nodes.trigger(0, 'news', 'lost');
    nodes.link(1).restore();
    // Nothing that was sent after the hole comes through.
    await nodes.trigger(0, 'news', 'after');
    expect(await stream.next()).toBeNull();
    await expect.poll(async () => (await owner.frames()).status, { timeout: 5_000 }).toBe(404);
    const again = await owner.poll();
    expect(again.text.startsWith('o\n')).toBe(true);
  });
});

describe.skipIf(redisIsMissing)('a fallback session that loses one of its processes', () => {
  let redis: RedisServer;
  let nodes: Nodes;

  afterEach(async () => {
    await nodes.close();
    await redis.stop();
  });

  async function open(shutdownGraceMs: number) {
    redis = await startRedis();
    const env = { PUSHER_SHUTDOWN_GRACE_MS: String(shutdownGraceMs) };
    nodes = await Nodes.open({ redisPort: redis.port, env });
    const path = `/pusher/app/${APP.key}/${newSession()}`;
    const [owner, other] = [new HttpSession(nodes.port(0), path), new HttpSession(nodes.port(1), path)];
    return { owner, other };
  }

  it('K74, T12: the death of the owner is told as for a session that is unknown', async () => {
    const { owner, other } = await open(300);
    const polled = { id: socketIdIn(framesIn(await owner.poll())) };
    await other.frames(subscribeFrame(polled.id, 'news'));
    await other.poll();
    await nodes.process(0).kill9();
    const sent = other.frames();
    const poll = await other.poll();
    expect(poll.text.startsWith('o\n')).toBe(true);
    expect(socketIdIn(framesIn(poll))).not.toBe(polled.id);
    expect([204, 404]).toContain((await sent).status);
    expect((await other.frames()).status).toBe(204);
    owner.close();
    other.close();
  });

  it('K74: a response that is held for a dead owner is broken off', async () => {
    const { owner, other } = await open(300);
    const first = await owner.stream();
    await first.next();
    const stream = await other.stream();
    expect(await stream.next()).toBe('a[]');
    await nodes.process(0).kill9();
    expect(await stream.next()).toBeNull();
    owner.close();
    other.close();
  });

  it('K75: a process that stops sends the clients of others on, and they keep their sessions', async () => {
    const { owner, other } = await open(500);
    const watcher = await nodes.guest(0);
    await watcher.join('presence-room', 'ann');
    const id = socketIdIn(framesIn(await owner.poll()));
    await other.frames(subscribeFrame(id, 'presence-room', { user_id: 'bob' }));
    await other.poll();
    const waiting = other.poll();
    const stopped = nodes.process(1).stop();
    expect(await waiting).toEqual({ status: 200, text: '' });
    await nodes.trigger(0, 'presence-room', 'while');
    expect(framesIn(await owner.poll())).toMatchObject([{ data: 'while' }]);
    expect(await stopped).toBe(0);
    expect(watcher.client.pending.map((each) => JSON.stringify(each)).join()).not.toContain('member_removed');
    owner.close();
    other.close();
  });
});
