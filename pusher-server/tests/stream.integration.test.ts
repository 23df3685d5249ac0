import { createServer } from 'node:http';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { userAuth } from '../src/protocol/signature.ts';
import { listen, type StreamListener } from './event-stream.ts';
import { frame, greeted, settled, subscribed } from './frames.ts';
import { APP, signedUrl, startTestServer, type TestServer } from './start.ts';

let server: TestServer;
const closers: (() => void)[] = [];

beforeEach(async () => {
  server = await startTestServer([{}, { id: 'app-2', key: 'key-2' }]);
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await server.stop();
});

async function listener(): Promise<StreamListener> {
  const stream = await listen(server.port);
  closers.push(() => stream.close());
  return stream;
}

async function client(query = ''): Promise<{ socket: QueueingSocket; id: string }> {
  const socket = await connect(server.ws(`/app/${APP.key}?protocol=7${query}`));
  closers.push(() => socket.close());
  return { socket, id: await greeted(socket) };
}

function trigger(channel: string, name: string, data: string, more: object = {}): Promise<Response> {
  return server.rest('POST', '/events', { body: JSON.stringify({ name, channel, data, ...more }) });
}

describe('the stream of an app', () => {
  it('H31: tells the whole life of a connection, in order', async () => {
    const stream = await listener();
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    const { socket, id } = await client('&client=js&version=8.6.0');
    const opened = await stream.next('connection_opened', { socket_id: id });
    expect(opened).toMatchObject({ client: 'js 8.6.0', origin: '' });
    expect(Date.parse(String(opened['time']))).toBeGreaterThan(Date.now() - 60_000);

    await subscribed(socket, id, 'news');
    expect(await stream.next('subscribed')).toMatchObject({ socket_id: id, channel: 'news', user_id: null });
    await stream.next('channel_occupied', { channel: 'news' });
    socket.send({ event: 'pusher:subscribe', data: { channel: 'private-a', auth: 'key-1:no' } });
    expect(await stream.next('subscription_refused')).toMatchObject({ channel: 'private-a', type: 'AuthError' });

    const userData = '{"id":"ann"}';
    socket.send({ event: 'pusher:signin', data: { auth: userAuth(APP, id, userData), user_data: userData } });
    expect(await stream.next('signed_in')).toMatchObject({ socket_id: id, user_id: 'ann' });
    await subscribed(socket, id, 'presence-room', { user_id: 'ann' });
    expect(await stream.next('member_added')).toMatchObject({ channel: 'presence-room', user_id: 'ann' });
    expect(await stream.next('subscribed')).toMatchObject({ channel: 'presence-room', user_id: 'ann' });

    socket.send({ event: 'client-typing', channel: 'presence-room', data: { on: true } });
    expect(await stream.next('client_event')).toMatchObject({
      channel: 'presence-room',
      name: 'client-typing',
      socket_id: id,
      user_id: 'ann',
      data: { text: '{"on":true}', bytes: 11 },
    });
    socket.send({ event: 'pusher:unsubscribe', data: { channel: 'news' } });
    expect(await stream.next('unsubscribed')).toMatchObject({ channel: 'news' });
    await stream.next('channel_vacated', { channel: 'news' });
    socket.close();
    expect(await stream.next('member_removed')).toMatchObject({ channel: 'presence-room', user_id: 'ann' });
    await stream.next('channel_vacated', { channel: 'presence-room' });
    expect(await stream.next('connection_closed')).toMatchObject({ socket_id: id, user_id: 'ann' });
  });

  it('H31: tells events of the REST API, and cuts their data to 1 KB at a whole character', async () => {
    const stream = await listener();
    await trigger('news', 'short', '{"a":1}', { socket_id: '1.1' });
    expect(await stream.next('api_event')).toMatchObject({
      channels: ['news'],
      name: 'short',
      socket_id: '1.1',
      data: { text: '{"a":1}', bytes: 7 },
    });
    await trigger('news', 'long', `a${'客'.repeat(3_000)}`);
    const { data } = await stream.next('api_event', { name: 'long' });
    expect(data).toEqual({ text: `a${'客'.repeat(341)}`, bytes: 9_001 });
    const batch = [1, 2].map((number) => ({ name: `b${String(number)}`, channel: 'news', data: '' }));
    await server.rest('POST', '/batch_events', { body: JSON.stringify({ batch }) });
    await stream.next('api_event', { name: 'b1' });
    await stream.next('api_event', { name: 'b2' });
  });

  it('H31: never tells what happens in another app', async () => {
    const stream = await listener();
    const foreign = await connect(server.ws('/app/key-2?protocol=7'));
    closers.push(() => foreign.close());
    await subscribed(foreign, await greeted(foreign), 'theirs');
    await trigger('news', 'ours', '');
    const first = await Promise.race(
      ['connection_opened', 'subscribed', 'channel_occupied', 'api_event'].map((name) => stream.next(name)),
    ).catch(() => null);
    expect(first).toMatchObject({ name: 'ours' });
  });

  it('H31: tells webhook attempts to every listener, and goes on when one of them leaves', async () => {
    const receiver = createServer((_request, response) => response.writeHead(204).end());
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    closers.push(() => receiver.close());
    const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/hook`;
    await server.stop();
    server = await startTestServer([{ webhooks: [{ url }] }], { webhookBatchMs: 0 });
    const [first, second] = [await listener(), await listener()];
    const { socket, id } = await client();
    await subscribed(socket, id, 'news');
    expect(await first.next('webhook_attempt')).toMatchObject({ url, status: 204, event_names: ['channel_occupied'] });
    await second.next('webhook_attempt');
    first.close();
    await trigger('news', 'after', '');
    await second.next('api_event', { name: 'after' });
  });

  it('H31, H2: is signed like the rest, and bounded in its listeners', async () => {
    expect((await fetch(signedUrl(server.port, 'GET', '/stream', { secret: 'wrong' }))).status).toBe(401);
    const streams = await Promise.all(Array.from({ length: 32 }, listener));
    const refused = await server.rest('GET', '/stream');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    await trigger('news', 'all', '');
    await Promise.all(streams.map((stream) => stream.next('api_event')));
  });

  it('H32: a listener that does not read loses events and is told how many; nobody else waits', async () => {
    const url = new URL(signedUrl(server.port, 'GET', '/stream'));
    const slow = connectSocket(server.port, '127.0.0.1');
    closers.push(() => slow.destroy());
    slow.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await new Promise((resolve) => slow.once('data', resolve));
    slow.pause();
    const { socket, id } = await client();
    await subscribed(socket, id, 'news');
    const data = 'x'.repeat(1_000);
    const batch = JSON.stringify({ batch: Array.from({ length: 10 }, () => ({ name: 'e', channel: 'news', data })) });
    // More than the kernel's buffers on both sides and the listener's own hold.
    for (let round = 0; round < 60; round++) {
      await Promise.all(Array.from({ length: 20 }, () => server.rest('POST', '/batch_events', { body: batch })));
    }
    expect(await settled(socket)).toHaveLength(12_000);
    let text = '';
    const told = new Promise<void>((resolve) => {
      slow.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (/event: dropped\ndata: \{"time":"[^"]+","count":\d+\}/.test(text)) resolve();
      });
    });
    slow.resume();
    await told;
    const count = Number(/"count":(\d+)/.exec(text)?.[1]);
    const delivered = text.split('event: api_event').length - 1;
    expect(count).toBeGreaterThan(1_000);
    expect(count + delivered).toBeLessThanOrEqual(12_000);
  });

  it('H31, L6: ends when the server stops', async () => {
    const stream = await listener();
    const { socket } = await client();
    void server.stop();
    expect((await socket.closed).code).toBe(4200);
    await stream.next('connection_closed');
    await stream.ended;
  });

  it('H31: a frame goes out the same with and without a listener', async () => {
    const { socket, id } = await client();
    await subscribed(socket, id, 'news');
    await trigger('news', 'e', 'before');
    await listener();
    await trigger('news', 'e', 'while');
    expect([await frame(socket), await frame(socket)].map((each) => each.data)).toEqual(['before', 'while']);
  });
});
