import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../test-support/websocket-client.ts';
import { frame, greeted, settled, subscribed, subscribeFrame } from '../frames.ts';
import { FallbackServer } from './fallback-server.ts';
import { framesIn, framesOf } from './http-client.ts';

let fallback: FallbackServer;

beforeEach(async () => {
  fallback = await FallbackServer.open();
});
afterEach(() => fallback.close());

describe('what goes both ways', () => {
  it('E1, H8: sessions and WebSockets hear each other, and nobody hears itself', async () => {
    const { http, stream, id } = await fallback.streaming();
    const socket = await connect(fallback.server.ws());
    const socketId = await greeted(socket);
    await subscribed(socket, socketId, 'private-a');
    await http.frames(subscribeFrame(id, 'private-a'));
    await stream.next();

    await http.frames({ event: 'client-typing', channel: 'private-a', data: { on: true } });
    expect(await frame(socket)).toEqual({ event: 'client-typing', channel: 'private-a', data: '{"on":true}' });
    socket.send({ event: 'client-typing', channel: 'private-a', data: 'x' });
    expect(framesOf(await stream.next())).toEqual([{ event: 'client-typing', channel: 'private-a', data: 'x' }]);
    await fallback.trigger('private-a', 'not to the session', { socket_id: id });
    await fallback.trigger('private-a', 'not to the socket', { socket_id: socketId });
    expect(framesOf(await stream.next())).toMatchObject([{ data: 'not to the socket' }]);
    expect(await settled(socket)).toMatchObject([{ data: 'not to the session' }]);
    socket.close();
  });

  it('T9, P5: a session that leaves is off its channels at once', async () => {
    const socket = await connect(fallback.server.ws());
    await subscribed(socket, await greeted(socket), 'presence-a', { user_id: 'ann' });
    const { http, stream, id } = await fallback.streaming();
    await http.frames(subscribeFrame(id, 'presence-a', { user_id: 'bob' }));
    expect(await frame(socket)).toMatchObject({ event: 'pusher_internal:member_added' });
    stream.abort();
    expect(await frame(socket)).toMatchObject({ event: 'pusher_internal:member_removed', data: '{"user_id":"bob"}' });
    expect((await http.frames()).status).toBe(404);
    socket.close();
  });

  it('T6: a poll waits for something, and then takes all there is', async () => {
    const { http, id } = await fallback.polling();
    await http.frames(subscribeFrame(id, 'news'), { event: 'pusher:ping', data: {} });
    expect(framesIn(await http.poll())).toHaveLength(2);
    const waiting = http.poll();
    await fallback.trigger('news', 'one');
    expect(framesIn(await waiting)).toMatchObject([{ data: 'one' }]);
    await fallback.trigger('news', 'two');
    await fallback.trigger('news', 'three');
    expect(framesIn(await http.poll())).toMatchObject([{ data: 'two' }, { data: 'three' }]);
  });

  it('T10: a second response ends the first', async () => {
    const { http, stream } = await fallback.streaming();
    const second = await http.stream();
    expect(await stream.next()).toBeNull();
    await http.frames({ event: 'pusher:ping', data: {} });
    expect(await second.next()).toBe('a[]');
    expect(framesOf(await second.next())).toMatchObject([{ event: 'pusher:pong' }]);
  });

  it('C9: a silent session is pinged and then closed with 4201, one that polls is not', async () => {
    await fallback.restart({}, { activityTimeout: 0.3, pongTimeout: 0.3 });
    const { stream } = await fallback.streaming();
    const { http } = await fallback.polling();
    expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:ping' }]);
    expect(framesIn(await http.poll())).toMatchObject([{ event: 'pusher:ping' }]);
    expect(await stream.next()).toMatch(/^c\[4201,/);
    expect(framesIn(await http.poll())).toMatchObject([{ event: 'pusher:ping' }]);
  });
});

describe('long and slow streams', () => {
  /** Triggers numbered events of 10 KB. */
  async function triggerNumbers(from: number, to: number): Promise<void> {
    for (let number = from; number < to; number++)
      await fallback.trigger('news', `${String(number)} ${'é'.repeat(5_000)}`);
  }
  const numbersOf = (frames: readonly { data?: unknown }[]) => frames.map(({ data }) => parseInt(String(data), 10));
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  it('T5: a full stream is left by the client and goes on in the next one without a gap', async () => {
    const { http, stream: first, id } = await fallback.streaming();
    await http.frames(subscribeFrame(id, 'news'));
    await first.next();
    await triggerNumbers(0, 120);
    const received: number[] = [];
    let streams = 1;
    let stream = first;
    while (received.length < 120) {
      received.push(...numbersOf(framesOf(await stream.next())));
      if (!stream.isFull) continue;
      stream.abort();
      stream = await http.stream();
      streams += 1;
    }
    expect(received).toEqual(upTo(120));
    expect(streams).toBeGreaterThan(2);
  });

  it('T5, T6: polls take a long backlog in portions', async () => {
    const { http, id } = await fallback.polling();
    await http.frames(subscribeFrame(id, 'news'));
    await http.poll();
    await triggerNumbers(0, 80);
    const polls = [await http.poll(), await http.poll()];
    expect(polls.every(({ text }) => text.length <= 262_144)).toBe(true);
    expect(polls.flatMap((poll) => numbersOf(framesIn(poll)))).toEqual(upTo(80));
  });

  it('T11, L4: a session that fetches nothing is closed with 4100, and its frames have no gap', async () => {
    await fallback.restart({}, { maxBufferBytes: 65_536 });
    const { http, id } = await fallback.polling();
    await http.frames(subscribeFrame(id, 'news'));
    await http.poll();
    await triggerNumbers(0, 20);
    const sending = () => http.frames().then(({ status }) => status);
    await expect.poll(sending, { timeout: 10_000 }).toBe(404);
    const last = await http.poll();
    expect(numbersOf(framesIn(last))).toEqual(upTo(20));
    expect(last.text).toMatch(/\nc\[4100,"[^"]+"\]\n$/);
  });

  it('T11: a stream that is not read and then is goes on', async () => {
    const { http, stream, id } = await fallback.streaming();
    await http.frames(subscribeFrame(id, 'news'));
    await stream.next();
    stream.pause();
    await triggerNumbers(0, 20);
    stream.resume();
    const received: number[] = [];
    while (received.length < 20) received.push(...numbersOf(framesOf(await stream.next())));
    expect(received).toEqual(upTo(20));
    await http.frames();
    expect(await stream.next()).toBe('a[]');
  });
});
