import Pusher from 'pusher';
import PusherClient, { type Channel, type PresenceChannel } from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP, startTestServer, type TestServer } from './start.ts';

let server: TestServer;
let rest: Pusher;
const clients: PusherClient[] = [];

beforeEach(async () => {
  server = await startTestServer();
  rest = new Pusher({
    appId: APP.id,
    key: APP.key,
    secret: APP.secret,
    host: '127.0.0.1',
    port: String(server.port),
    useTLS: false,
    encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64'),
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await server.stop();
});

/** The official client of one user, authorised by the official library. */
function client(user: string, port = server.port): PusherClient {
  const pusher = new PusherClient(APP.key, {
    wsHost: '127.0.0.1',
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    cluster: 'none',
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId, channelName }, done) => {
        const member = channelName.startsWith('presence-') ? { user_id: user, user_info: { name: user } } : undefined;
        done(null, rest.authorizeChannel(socketId, channelName, member));
      },
    },
    userAuthentication: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId }, done) => done(null, rest.authenticateUser(socketId, { id: user })),
    },
  });
  clients.push(pusher);
  return pusher;
}

/** The payload of the next event of this name. */
function once(channel: Channel, event: string): Promise<unknown> {
  return new Promise((resolve) => {
    const take = (data: unknown) => {
      channel.unbind(event, take);
      resolve(data);
    };
    channel.bind(event, take);
  });
}

async function joined(pusher: PusherClient, name: string): Promise<Channel> {
  const channel = pusher.subscribe(name);
  await once(channel, 'pusher:subscription_succeeded');
  return channel;
}

describe('the official client and library', () => {
  it('S1, H8: trigger reaches public, private and encrypted channels', async () => {
    const ann = client('ann');
    for (const name of ['news', 'private-a', 'private-encrypted-a']) {
      const channel = await joined(ann, name);
      const heard = once(channel, 'hello');
      expect((await rest.trigger(name, 'hello', { text: '客服', n: 1 })).status).toBe(200);
      expect(await heard).toEqual({ text: '客服', n: 1 });
    }
  });

  it('P1, P5: presence members come and go', async () => {
    const ann = client('ann');
    const bob = client('bob');
    const room = (await joined(ann, 'presence-room')) as PresenceChannel;
    const added = once(room, 'pusher:member_added');
    const other = (await joined(bob, 'presence-room')) as PresenceChannel;
    expect(await added).toEqual({ id: 'bob', info: { name: 'bob' } });
    expect(other.members.count).toBe(2);
    expect(other.members.me).toEqual({ id: 'bob', info: { name: 'bob' } });
    const removed = once(room, 'pusher:member_removed');
    bob.disconnect();
    expect(await removed).toEqual({ id: 'bob', info: { name: 'bob' } });
    expect(room.members.count).toBe(1);
  });

  it('E1, E6: client events', async () => {
    const ann = await joined(client('ann'), 'presence-room');
    const bob = await joined(client('bob'), 'presence-room');
    const heard = new Promise((resolve) => {
      bob.bind('client-typing', (data: unknown, metadata: unknown) => resolve([data, metadata]));
    });
    ann.trigger('client-typing', { on: true });
    expect(await heard).toEqual([{ on: true }, { user_id: 'ann' }]);
  });

  it('U1, U4: signs in and hears its own events', async () => {
    const ann = client('ann');
    ann.signin();
    await ann.user.signinDonePromise;
    expect(ann.user.user_data).toEqual({ id: 'ann' });
    const heard = new Promise((resolve) => ann.user.bind('hello', resolve));
    // The client subscribes to its own channel after the sign-in and says so to nobody.
    const again = setInterval(() => void rest.sendToUser('ann', 'hello', { n: 1 }), 20);
    expect(await heard).toEqual({ n: 1 });
    clearInterval(again);
  });

  it('H12, H13, H15: the library’s reading calls', async () => {
    await joined(client('ann'), 'presence-room');
    const get = async (path: string, params = {}) => (await rest.get({ path, params })).json() as Promise<unknown>;
    expect(await get('/channels', { filter_by_prefix: 'presence-', info: 'user_count' })).toEqual({
      channels: { 'presence-room': { user_count: 1 } },
    });
    expect(await get('/channels/presence-room', { info: 'user_count' })).toEqual({ occupied: true, user_count: 1 });
    expect(await get('/channels/presence-room/users')).toEqual({ users: [{ id: 'ann' }] });
    const batch = await rest.triggerBatch([
      { channel: 'presence-room', name: 'e', data: 'x', info: 'user_count' },
      { channel: 'news', name: 'e', data: 'x' },
    ]);
    expect(await batch.json()).toEqual({ batch: [{ user_count: 1 }, {}] });
  });

  it('S3: an authorisation that fails is told on the channel', async () => {
    const ann = client('ann');
    const wrong = new Pusher({ appId: APP.id, key: APP.key, secret: 'wrong', host: '127.0.0.1' });
    const right = rest;
    rest = wrong;
    const channel = ann.subscribe('private-a');
    expect(await once(channel, 'pusher:subscription_error')).toMatchObject({ type: 'AuthError', status: 401 });
    rest = right;
  });

  it('L6: a client comes back to the next server by itself and has its channels again', async () => {
    const ann = client('ann');
    const news = await joined(ann, 'news');
    const { port } = server;
    const back = once(news, 'pusher:subscription_succeeded');
    await server.stop();
    server = await startTestServer([{}], { port });
    await back;
    const heard = once(news, 'hello');
    await rest.trigger('news', 'hello', 'again');
    expect(await heard).toBe('again');
  });
});
