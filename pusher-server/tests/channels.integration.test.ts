import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { channelAuth, userAuth } from '../src/protocol/signature.ts';
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
    {
      maxPresenceMembersPerChannel: 3,
      maxChannelsPerConnection: 5,
      maxClientEventsPerSecond: 5,
      previousKey: 'old-key',
      previousSecret: 'old-secret',
    },
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

describe('presence', () => {
  it('P1, P5, P6: lists members, tells each coming and going once, over several sockets of a user', async () => {
    const ann = await client();
    const joined = await subscribed(ann.socket, ann.id, 'presence-room', {
      user_id: 'ann',
      user_info: { name: 'Ann ü' },
    });
    expect(JSON.parse(String(joined.data))).toEqual({
      presence: { count: 1, ids: ['ann'], hash: { ann: { name: 'Ann ü' } } },
    });
    const bob = await client();
    const list = await subscribed(bob.socket, bob.id, 'presence-room', { user_id: 7 });
    expect(JSON.parse(String(list.data))).toEqual({
      presence: { count: 2, ids: ['ann', '7'], hash: { ann: { name: 'Ann ü' }, '7': null } },
    });
    expect(await frame(ann.socket)).toEqual({
      event: 'pusher_internal:member_added',
      channel: 'presence-room',
      data: '{"user_id":"7"}',
    });
    const second = await client();
    await subscribed(second.socket, second.id, 'presence-room', { user_id: 'ann', user_info: { name: 'Other' } });
    expect(await settled(bob.socket)).toEqual([]);
    second.socket.close();
    await second.socket.closed;
    expect(await settled(bob.socket)).toEqual([]);
    ann.socket.send({ event: 'pusher:unsubscribe', data: { channel: 'presence-room' } });
    expect(await frame(bob.socket)).toEqual({
      event: 'pusher_internal:member_removed',
      channel: 'presence-room',
      data: '{"user_id":"ann"}',
    });
    expect(await settled(ann.socket)).toEqual([]);
  });

  it.each([
    ['no channel_data', undefined],
    ['a list', []],
    ['no user_id', { user_info: {} }],
    ['an empty user_id', { user_id: '' }],
    ['an object as user_id', { user_id: {} }],
    ['a user_id with a space', { user_id: 'a b' }],
    ['a user_id that is too long', { user_id: 'u'.repeat(129) }],
  ])('P2, P3: %s is an AuthError', async (_what, data) => {
    const { socket, id } = await client();
    expect(await subscribed(socket, id, 'presence-strict', data)).toMatchObject({
      event: 'pusher:subscription_error',
      data: { type: 'AuthError', status: 401 },
    });
    expect(await (await server.rest('GET', '/channels/presence-strict')).json()).toEqual({ occupied: false });
  });

  it('P4: a member that is too large is refused', async () => {
    const { socket, id } = await client();
    const data = { user_id: 'big', user_info: 'x'.repeat(2048) };
    expect(await subscribed(socket, id, 'presence-size', data)).toMatchObject({
      data: { type: 'TooLarge', status: 413 },
    });
  });

  it('P7: users who come at once never exceed the limit, and another socket of a member fits', async () => {
    const comers = await Promise.all(['1', '2', '3', '4', '5'].map(async (user) => ({ user, ...(await client()) })));
    const answers = await Promise.all(
      comers.map(({ socket, id, user }) => subscribed(socket, id, 'presence-full', { user_id: user })),
    );
    const refused = answers.filter(({ event }) => event === 'pusher:subscription_error');
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ data: { type: 'LimitReached', status: 403 } });
    const [member] = comers.filter((_, index) => answers[index]?.event !== 'pusher:subscription_error');
    const again = await client();
    expect(await subscribed(again.socket, again.id, 'presence-full', { user_id: member?.user })).toMatchObject({
      event: 'pusher_internal:subscription_succeeded',
    });
    const users = await server.rest('GET', '/channels/presence-full/users');
    expect(((await users.json()) as { users: unknown[] }).users).toHaveLength(3);
  });

  it('S8: subscribe and unsubscribe in one breath leave nobody behind', async () => {
    const { socket, id } = await client();
    for (let round = 0; round < 20; round++) {
      socket.send(subscribeFrame(id, 'presence-blink', { user_id: 'a' }));
      socket.send({ event: 'pusher:unsubscribe', data: { channel: 'presence-blink' } });
    }
    expect((await settled(socket)).filter(({ event }) => event === 'pusher:error')).toEqual([]);
    expect(await (await server.rest('GET', '/channels/presence-blink')).json()).toEqual({ occupied: false });
    expect(await subscribed(socket, id, 'presence-blink', { user_id: 'a' })).toMatchObject({
      event: 'pusher_internal:subscription_succeeded',
    });
  });
});

describe('client events', () => {
  const send = (socket: QueueingSocket, channel: string, event: string, data: unknown, more: object = {}) =>
    socket.send({ event, channel, data, ...more });

  it('E1, E5: reach the others, in every JSON type, and not the sender', async () => {
    const ann = await client();
    const bob = await client();
    await subscribed(ann.socket, ann.id, 'private-talk');
    await subscribed(bob.socket, bob.id, 'private-talk');
    for (const data of ['text ü "quoted"', { a: [1, null] }, 17, null]) {
      send(ann.socket, 'private-talk', 'client-say', data);
      expect(await frame(bob.socket)).toEqual({
        event: 'client-say',
        channel: 'private-talk',
        data: typeof data === 'string' ? data : JSON.stringify(data),
      });
    }
    send(ann.socket, 'private-talk', 'client-say', undefined);
    expect(await frame(bob.socket)).toEqual({ event: 'client-say', channel: 'private-talk' });
    expect(await settled(ann.socket)).toEqual([]);
  });

  it('E6: carry the server’s own user_id on presence channels', async () => {
    const ann = await client();
    const bob = await client();
    await subscribed(ann.socket, ann.id, 'presence-talk', { user_id: 'ann' });
    await subscribed(bob.socket, bob.id, 'presence-talk', { user_id: 'bob' });
    send(ann.socket, 'presence-talk', 'client-say', 'hi', { user_id: 'bob' });
    expect(await frame(bob.socket)).toEqual({
      event: 'client-say',
      channel: 'presence-talk',
      data: 'hi',
      user_id: 'ann',
    });
  });

  it('E2: are refused on public channels and from those who are not subscribed', async () => {
    const ann = await client();
    await subscribed(ann.socket, ann.id, 'news');
    send(ann.socket, 'news', 'client-say', 'x');
    expect(await frame(ann.socket)).toMatchObject({ event: 'pusher:error', data: { code: null } });
    send(ann.socket, 'private-elsewhere', 'client-say', 'x');
    expect(await frame(ann.socket)).toMatchObject({
      data: {
        message: 'Cannot broadcast client event (connection not subscribed to channel private-elsewhere)',
      },
    });
  });

  it('E4, E7: are refused beyond the rate, the name and the size', async () => {
    const ann = await client();
    await subscribed(ann.socket, ann.id, 'private-flood');
    send(ann.socket, 'private-flood', `client-${'x'.repeat(200)}`, '');
    expect(await frame(ann.socket)).toMatchObject({ event: 'pusher:error', data: { code: null } });
    send(ann.socket, 'private-flood', 'client-big', 'x'.repeat(10 * 1024 + 1));
    expect(await frame(ann.socket)).toMatchObject({ event: 'pusher:error', data: { code: null } });
    for (let sent = 0; sent < 6; sent++) send(ann.socket, 'private-flood', 'client-x', '');
    expect(await frame(ann.socket)).toMatchObject({ event: 'pusher:error', data: { code: 4301 } });
    expect(await settled(ann.socket)).toEqual([]);
  });
});

describe('users', () => {
  const userData = JSON.stringify({ id: 'u1', user_info: { name: 'One' } });
  const signIn = (socket: QueueingSocket, id: string, data = userData) =>
    socket.send({ event: 'pusher:signin', data: { auth: userAuth(APP, id, data), user_data: data } });

  it('U1, U3: signs in once, as one user', async () => {
    const { socket, id } = await client();
    signIn(socket, id);
    expect(await frame(socket)).toEqual({ event: 'pusher:signin_success', data: { user_data: userData } });
    signIn(socket, id);
    expect(await frame(socket)).toMatchObject({ event: 'pusher:signin_success' });
    signIn(socket, id, '{"id":"u2"}');
    expect(await frame(socket)).toMatchObject({ event: 'pusher:error', data: { code: 4009 } });
    expect(await settled(socket)).toEqual([]);
  });

  it.each(['{"id":""}', '{"id":7}', '{}', 'no json', '[]'])('U2: user_data %s is refused', async (data) => {
    const { socket, id } = await client();
    signIn(socket, id, data);
    expect(await frame(socket)).toMatchObject({ event: 'pusher:error', data: { code: 4009 } });
  });

  it('U2: a wrong signature is refused, and the connection stays', async () => {
    const { socket } = await client();
    signIn(socket, '1.1');
    expect(await frame(socket)).toMatchObject({ event: 'pusher:error', data: { code: 4009 } });
    expect(await settled(socket)).toEqual([]);
  });

  it('U4, S5: an event to a user reaches that user’s connections and no others', async () => {
    const own = await client();
    const other = await client();
    signIn(own.socket, own.id);
    await frame(own.socket);
    expect(await subscribed(own.socket, own.id, '#server-to-user-u1')).toMatchObject({ data: '{}' });
    expect(await subscribed(other.socket, other.id, '#server-to-user-u1')).toMatchObject({
      data: { type: 'AuthError', status: 401 },
    });
    await trigger('#server-to-user-u1', 'hello', 'you');
    expect(await frame(own.socket)).toEqual({ event: 'hello', channel: '#server-to-user-u1', data: 'you' });
    expect(await settled(other.socket)).toEqual([]);
    expect(await (await server.rest('GET', '/channels')).text()).not.toContain('server-to-user');
  });

  it('U5, H20: an app ends a user’s connections, for good or to come back', async () => {
    const [first, second, third, other] = [await client(), await client(), await client(), await client()];
    for (const { socket, id } of [first, second]) signIn(socket, id, '{"id":"leaver"}');
    signIn(other.socket, other.id, '{"id":"stayer"}');
    for (const { socket } of [first, second, other]) await frame(socket, 'pusher:signin_success');
    const terminate = async (query: Record<string, string> = {}) => {
      const response = await server.rest('POST', '/users/leaver/terminate_connections', { body: '{}', query });
      return [response.status, await response.text()];
    };
    expect(await terminate()).toEqual([200, '{}']);
    for (const { socket } of [first, second]) expect((await socket.closed).code).toBe(4009);
    signIn(third.socket, third.id, '{"id":"leaver"}');
    await frame(third.socket, 'pusher:signin_success');
    expect(await terminate({ reconnect: 'true' })).toEqual([200, '{}']);
    expect((await third.socket.closed).code).toBe(4200);
    expect(await settled(other.socket)).toEqual([]);
    expect(await terminate()).toEqual([200, '{}']);
    expect((await server.rest('POST', '/users/a%20b/terminate_connections', { body: '{}' })).status).toBe(400);
  });

  it('P3: a signed-in connection joins a presence channel without channel_data', async () => {
    const { socket, id } = await client();
    signIn(socket, id);
    await frame(socket);
    const joined = await subscribed(socket, id, 'presence-signed');
    expect(JSON.parse(String(joined.data))).toEqual({
      presence: { count: 1, ids: ['u1'], hash: { u1: { name: 'One' } } },
    });
  });
});

describe('options of an app', () => {
  it('C10: a connection that authorises nothing in time is closed with 4009', async () => {
    const strict = await startTestServer([{ userAuthenticationTimeoutMs: 150 }]);
    const lazy = await connect(strict.ws());
    await subscribed(lazy, await greeted(lazy), 'news');
    const busy = await connect(strict.ws());
    await subscribed(busy, await greeted(busy), 'private-a');
    expect((await lazy.closed).code).toBe(4009);
    expect(await settled(busy)).toEqual([]);
    busy.close();
    await strict.stop();
  });

  it('S11: subscribers hear how many they are', async () => {
    const counting = await startTestServer([{ enableSubscriptionCount: true }]);
    const ann = await connect(counting.ws());
    await subscribed(ann, await greeted(ann), 'news');
    const count = (number: number) => ({
      event: 'pusher_internal:subscription_count',
      channel: 'news',
      data: JSON.stringify({ subscription_count: number }),
    });
    expect(await frame(ann)).toEqual(count(1));
    const bob = await connect(counting.ws());
    const bobId = await greeted(bob);
    await subscribed(bob, bobId, 'news');
    expect(await frame(ann)).toEqual(count(2));
    expect(await frame(bob)).toEqual(count(2));
    await subscribed(bob, bobId, 'presence-a', { user_id: 'bob' });
    bob.close();
    expect(await frame(ann)).toEqual(count(1));
    ann.close();
    await counting.stop();
  });

  it('E3: client events can be switched off', async () => {
    const quiet = await startTestServer([{ enableClientMessages: false }]);
    const ann = await connect(quiet.ws());
    await subscribed(ann, await greeted(ann), 'private-a');
    ann.send({ event: 'client-x', channel: 'private-a', data: '' });
    expect(await frame(ann)).toMatchObject({ event: 'pusher:error', data: { code: null } });
    ann.close();
    await quiet.stop();
  });

  it('C2: a path prefix holds for sockets and REST, and the bare paths are not served', async () => {
    const prefixed = await startTestServer([{}], { pathPrefix: '/realtime' });
    const ann = await connect(prefixed.ws('/realtime/app/key-1?protocol=7'));
    await greeted(ann);
    ann.close();
    const bare = await connect(prefixed.ws());
    expect((await bare.closed).code).toBe(4005);
    expect((await prefixed.rest('GET', '/channels')).status).toBe(404);
    await prefixed.stop();
  });
});
