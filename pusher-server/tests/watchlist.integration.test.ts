import Pusher from 'pusher';
import PusherClient from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { userAuth } from '../src/protocol/signature.ts';
import { frame, greeted, settled } from './frames.ts';
import { APP, startTestServer, type TestServer } from './start.ts';

let server: TestServer;
let rest: Pusher;
const clients: PusherClient[] = [];
const sockets: QueueingSocket[] = [];

beforeEach(async () => {
  server = await startTestServer([{}, { id: 'app-2', key: 'key-2', secret: APP.secret }]);
  const [host, port] = ['127.0.0.1', String(server.port)];
  rest = new Pusher({ appId: APP.id, key: APP.key, secret: APP.secret, host, port, useTLS: false });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const socket of sockets.splice(0)) socket.close();
  await server.stop();
});

type Transport = 'ws' | 'xhr_streaming' | 'xhr_polling';

/** The official client, signed in as a user who watches others; `said` holds what its watchlist told, in order. */
function official(transport: Transport, id: string, watchlist: string[] = []) {
  const client = new PusherClient(APP.key, {
    wsHost: '127.0.0.1',
    wsPort: server.port,
    httpHost: '127.0.0.1',
    httpPort: server.port,
    forceTLS: false,
    enabledTransports: [transport],
    cluster: 'none',
    userAuthentication: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId }, done) => done(null, rest.authenticateUser(socketId, { id, watchlist })),
    },
  });
  clients.push(client);
  const said: string[] = [];
  let look: () => void = () => undefined;
  for (const name of ['online', 'offline']) {
    client.user.watchlist.bind(name, (event: { name: string; user_ids: string[] }) => {
      said.push(`${event.name} ${event.user_ids.join()}`);
      look();
    });
  }
  const hears = (text: string) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (said.includes(text)) resolve();
      };
      look();
    });
  const signedIn = new Promise<void>((resolve) => client.bind('pusher:signin_success', () => resolve()));
  client.signin();
  return { client, said, hears, signedIn };
}

/** A plain connection that has asked to sign in with this user data. */
async function signingIn(userData: object, key = APP.key): Promise<QueueingSocket> {
  const socket = await connect(server.ws(`/app/${key}?protocol=7`));
  sockets.push(socket);
  const text = JSON.stringify(userData);
  const auth = userAuth({ key, secret: APP.secret }, await greeted(socket), text);
  socket.send({ event: 'pusher:signin', data: { auth, user_data: text } });
  return socket;
}

function lists(...events: [name: 'online' | 'offline', userIds: string[]][]) {
  const told = events.map(([name, user_ids]) => ({ name, user_ids }));
  return { event: 'pusher_internal:watchlist_events', data: { events: told } };
}

describe('watchlists', () => {
  it.each<Transport>(['ws', 'xhr_streaming', 'xhr_polling'])(
    'U6, U7: the official client gets the lists at sign-in and every change after, over %s',
    async (transport) => {
      await official(transport, 'bob').signedIn;
      const ann = official(transport, 'ann', ['bob', 'cid', 'dan']);
      await ann.hears('offline cid,dan');
      const cid = official(transport, 'cid');
      await ann.hears('online cid');
      const second = official(transport, 'cid');
      await second.signedIn;
      cid.client.disconnect();
      second.client.disconnect();
      await ann.hears('offline cid');
      expect(ann.said).toEqual(['online bob', 'offline cid,dan', 'online cid', 'offline cid']);
    },
  );

  it('U6: a list without users is left out, an empty watchlist tells nothing', async () => {
    const ann = await signingIn({ id: 'ann', watchlist: ['bob'] });
    await frame(ann, 'pusher:signin_success');
    expect(await frame(ann)).toEqual(lists(['offline', ['bob']]));
    const self = await signingIn({ id: 'self', watchlist: ['self', 'self'] });
    await frame(self, 'pusher:signin_success');
    expect(await frame(self)).toEqual(lists(['online', ['self']]));
    const none = await signingIn({ id: 'none', watchlist: [] });
    await frame(none, 'pusher:signin_success');
    expect(await settled(none)).toEqual([]);
  });

  it('U7: only watchers of that user in that app hear, and only of the first and the last connection', async () => {
    const ann = await signingIn({ id: 'ann', watchlist: ['bob'] });
    const other = await signingIn({ id: 'other', watchlist: ['dan'] });
    const elsewhere = await signingIn({ id: 'ann', watchlist: ['bob'] }, 'key-2');
    for (const socket of [ann, other, elsewhere]) await frame(socket, 'pusher_internal:watchlist_events');
    const first = await signingIn({ id: 'bob' });
    expect(await frame(ann)).toEqual(lists(['online', ['bob']]));
    const second = await signingIn({ id: 'bob' });
    await frame(second, 'pusher:signin_success');
    first.close();
    await first.closed;
    second.close();
    expect(await frame(ann)).toEqual(lists(['offline', ['bob']]));
    expect(await settled(other)).toEqual([]);
    expect(await settled(elsewhere)).toEqual([]);
  });

  it('U7: a connection that was ended by the app counts as gone', async () => {
    const ann = await signingIn({ id: 'ann', watchlist: ['bob'] });
    const bob = await signingIn({ id: 'bob' });
    await ann.next((message) => JSON.stringify(message).includes('online'));
    await frame(bob, 'pusher:signin_success');
    await rest.terminateUserConnections('bob');
    expect((await bob.closed).code).toBe(4009);
    expect(await frame(ann, 'pusher_internal:watchlist_events')).toEqual(lists(['offline', ['bob']]));
  });

  it('U8: a longer list than 100 is cut, a pusher:error 4302 says so, and the sign-in stands', async () => {
    const watchlist = Array.from({ length: 101 }, (_, index) => `user-${String(index)}`);
    const ann = await signingIn({ id: 'ann', watchlist });
    expect(await frame(ann)).toMatchObject({ event: 'pusher:signin_success' });
    expect(await frame(ann)).toMatchObject({ event: 'pusher:error', data: { code: 4302 } });
    expect(await frame(ann)).toEqual(lists(['offline', watchlist.slice(0, 100)]));
    const beyond = await signingIn({ id: 'user-100' });
    await frame(beyond, 'pusher:signin_success');
    await signingIn({ id: 'user-99' });
    expect(await frame(ann)).toEqual(lists(['online', ['user-99']]));
    const repeated = await signingIn({ id: 'r', watchlist: Array.from({ length: 300 }, () => 'one') });
    await frame(repeated, 'pusher:signin_success');
    expect(await settled(repeated)).toEqual([lists(['offline', ['one']])]);
  });

  it('U8: numeric ids become strings; what is no list of ids refuses the sign-in and binds nobody', async () => {
    const ann = await signingIn({ id: 'ann', watchlist: [7] });
    await frame(ann, 'pusher:signin_success');
    expect(await frame(ann)).toEqual(lists(['offline', ['7']]));
    for (const watchlist of ['bob', {}, [null], [''], ['a b'], [['bob']]]) {
      const socket = await signingIn({ id: 'ann', watchlist });
      expect(await frame(socket)).toMatchObject({ event: 'pusher:error', data: { code: 4009 } });
      expect(await settled(socket)).toEqual([]);
    }
  });

  it('U6: many who come and go at once leave everybody with the truth', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `u${String(index)}`);
    const all = await Promise.all(ids.map((id) => signingIn({ id, watchlist: ids })));
    const known = all.map(() => new Map<string, string>());
    for (const [index, socket] of all.entries()) {
      while (ids.some((id) => known[index]?.get(id) !== 'online')) {
        const { data } = await frame(socket, 'pusher_internal:watchlist_events');
        for (const { name, user_ids } of (data as { events: { name: string; user_ids: string[] }[] }).events) {
          for (const id of user_ids) known[index]?.set(id, name);
        }
      }
    }
    expect(known.map((map) => [...map.values()].filter((state) => state === 'online').length)).toEqual(
      all.map(() => ids.length),
    );
  });
});
