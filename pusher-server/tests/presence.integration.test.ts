import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { frame, greeted, settled, subscribed, subscribeFrame } from './frames.ts';
import { startTestServer, type TestServer } from './start.ts';

let server: TestServer;
const clients: QueueingSocket[] = [];

/** A greeted client that is closed at the end. */
async function client(): Promise<{ socket: QueueingSocket; id: string }> {
  const socket = await connect(server.ws());
  clients.push(socket);
  return { socket, id: await greeted(socket) };
}

beforeAll(async () => {
  server = await startTestServer([{ maxPresenceMembersPerChannel: 3 }]);
});
afterAll(async () => {
  for (const socket of clients) socket.close();
  await server.stop();
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
