import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { userAuth } from '../src/protocol/signature.ts';
import { frame, greeted, settled, subscribed } from './frames.ts';
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
  server = await startTestServer([{}]);
});
afterAll(async () => {
  for (const socket of clients) socket.close();
  await server.stop();
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
