import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { channelAuth } from '../src/protocol/signature.ts';
import { frame, greeted, settled, subscribed, subscribeFrame } from './frames.ts';
import { APP, startTestServer, type TestServer } from './start.ts';

let server: TestServer;
const clients: QueueingSocket[] = [];

/** A greeted client that is closed at the end. */
async function client(): Promise<{ socket: QueueingSocket; id: string }> {
  const socket = await connect(server.ws());
  clients.push(socket);
  return { socket, id: await greeted(socket) };
}

function trigger(channel: string, name: string, data: string, more: object = {}): Promise<Response> {
  return server.rest('POST', '/events', { body: JSON.stringify({ name, channel, data, ...more }) });
}

beforeAll(async () => {
  server = await startTestServer([
    { maxChannelsPerConnection: 5, previousKey: 'old-key', previousSecret: 'old-secret' },
  ]);
});
afterAll(async () => {
  for (const socket of clients) socket.close();
  await server.stop();
});

describe('subscriptions', () => {
  it('S1: answers a public and a private subscription', async () => {
    const { socket, id } = await client();
    for (const channel of ['news', 'private-a', 'private-encrypted-a']) {
      expect(await subscribed(socket, id, channel)).toEqual({
        event: 'pusher_internal:subscription_succeeded',
        channel,
        data: '{}',
      });
    }
  });

  it.each([
    ['a foreign key', 'other:' + 'a'.repeat(64)],
    ['a wrong signature', 'key-1:' + 'a'.repeat(64)],
    ['no signature', ''],
    ['the key alone', 'key-1'],
    ['a signature that is too long', channelAuth(APP, '1.1', 'private-b') + '0'],
  ])('S3: %s is an AuthError that gives nothing away', async (_what, auth) => {
    const { socket, id } = await client();
    socket.send({ event: 'pusher:subscribe', data: { channel: 'private-b', auth } });
    const answer = await frame(socket);
    expect(answer).toMatchObject({
      event: 'pusher:subscription_error',
      channel: 'private-b',
      data: { type: 'AuthError', status: 401 },
    });
    expect(JSON.stringify(answer)).not.toContain(channelAuth(APP, id, 'private-b').split(':')[1]);
    await trigger('private-b', 'secret', 'x');
    expect(await settled(socket)).toEqual([]);
  });

  it('S3: an auth for another socket or channel is not good here', async () => {
    const { socket, id } = await client();
    const other = await client();
    for (const auth of [channelAuth(APP, other.id, 'private-c'), channelAuth(APP, id, 'private-d')]) {
      socket.send({ event: 'pusher:subscribe', data: { channel: 'private-c', auth } });
      expect(await frame(socket)).toMatchObject({ event: 'pusher:subscription_error' });
    }
  });

  it('S4: takes the previous pair while it is configured', async () => {
    const { socket, id } = await client();
    const auth = channelAuth({ key: 'old-key', secret: 'old-secret' }, id, 'private-r');
    socket.send({ event: 'pusher:subscribe', data: { channel: 'private-r', auth } });
    expect(await frame(socket)).toMatchObject({ event: 'pusher_internal:subscription_succeeded' });
    const mixed = channelAuth({ key: 'old-key', secret: APP.secret }, id, 'private-s');
    socket.send({ event: 'pusher:subscribe', data: { channel: 'private-s', auth: mixed } });
    expect(await frame(socket)).toMatchObject({ event: 'pusher:subscription_error' });
  });

  it.each(['', 'a b', 'x'.repeat(201), '#a', 'a"b'])('N2, S2: the name %j is an InvalidName', async (channel) => {
    const { socket } = await client();
    socket.send({ event: 'pusher:subscribe', data: { channel, auth: '' } });
    expect(await frame(socket)).toMatchObject({
      event: 'pusher:subscription_error',
      channel,
      data: { type: 'InvalidName', status: 400 },
    });
  });

  it('S6, S7: a second subscribe and an unknown unsubscribe are plain errors', async () => {
    const { socket, id } = await client();
    await subscribed(socket, id, 'twice');
    socket.send(subscribeFrame(id, 'twice'));
    expect(await frame(socket)).toMatchObject({
      event: 'pusher:error',
      data: { code: null, message: 'Existing subscription to channel twice' },
    });
    await trigger('twice', 'once', '1');
    expect(await frame(socket)).toMatchObject({ event: 'once' });
    socket.send({ event: 'pusher:unsubscribe', data: { channel: 'twice' } });
    socket.send({ event: 'pusher:unsubscribe', data: { channel: 'twice' } });
    expect(await frame(socket)).toMatchObject({
      data: { message: 'No current subscription to channel twice' },
    });
    await trigger('twice', 'gone', '1');
    expect(await settled(socket)).toEqual([]);
    expect(await subscribed(socket, id, 'twice')).toMatchObject({ event: 'pusher_internal:subscription_succeeded' });
  });

  it('S9: the sixth channel of a connection that may have five is a LimitReached', async () => {
    const { socket, id } = await client();
    for (const channel of ['1', '2', '3', '4', '5']) await subscribed(socket, id, channel);
    expect(await subscribed(socket, id, '6')).toMatchObject({ data: { type: 'LimitReached', status: 403 } });
  });

  it('S10: a cache channel sends its last server event after succeeded, or says that there is none', async () => {
    const early = await client();
    await subscribed(early.socket, early.id, 'cache-a');
    expect(await frame(early.socket)).toEqual({ event: 'pusher:cache_miss', channel: 'cache-a', data: '{}' });
    await trigger('cache-a', 'first', '1');
    await trigger('cache-a', 'last', '2', { socket_id: early.id });
    const late = await client();
    await subscribed(late.socket, late.id, 'cache-a');
    expect(await frame(late.socket)).toEqual({ event: 'last', channel: 'cache-a', data: '2' });
    const info = await server.rest('GET', '/channels/cache-a', { query: { info: 'cache' } });
    expect(await info.json()).toMatchObject({ occupied: true, cache: { data: '2' } });
    const anchored = await client();
    await subscribed(anchored.socket, anchored.id, 'my-cache-a');
    expect(await settled(anchored.socket)).toEqual([]);
  });
});
