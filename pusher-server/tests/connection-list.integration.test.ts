import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { userAuth } from '../src/protocol/signature.ts';
import { frame, greeted, subscribed } from './frames.ts';
import { APP, startTestServer, type TestServer } from './start.ts';

let server: TestServer;
const sockets: QueueingSocket[] = [];

beforeAll(async () => {
  server = await startTestServer([{}, { id: 'app-2', key: 'key-2' }]);
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await server.stop();
});

async function client(path = `/app/${APP.key}?protocol=7&client=js&version=8.6.0`, origin = '') {
  const socket = await connect(server.ws(path), origin === '' ? {} : { headers: { Origin: origin } });
  sockets.push(socket);
  return { socket, id: await greeted(socket) };
}

const page = z.strictObject({
  node: z.string().regex(/^[0-9a-z]{16}$/),
  connections: z.array(
    z.strictObject({
      socket_id: z.string(),
      user_id: z.string().nullable(),
      connected_at: z.iso.datetime(),
      client: z.string(),
      origin: z.string(),
      channels: z.array(z.string()),
      channel_count: z.number(),
    }),
  ),
  total: z.number(),
  next: z.number().nullable(),
});

async function list(query: Record<string, string> = {}) {
  const response = await server.rest('GET', '/connections', { query });
  expect(response.status).toBe(200);
  return page.parse(await response.json());
}

describe('GET connections', () => {
  it('H33: an app without connections has an empty page', async () => {
    expect(await list()).toMatchObject({ connections: [], total: 0, next: null });
  });

  it('H33: tells who is connected, the newest first, and nothing of other apps', async () => {
    const { socket, id } = await client(undefined, 'https://shop.example');
    const data = '{"id":"ann"}';
    socket.send({ event: 'pusher:signin', data: { auth: userAuth(APP, id, data), user_data: data } });
    await frame(socket, 'pusher:signin_success');
    await subscribed(socket, id, 'news');
    await subscribed(socket, id, 'private-a');
    const newest = await client(`/app/${APP.key}`);
    await client('/app/key-2?protocol=7');
    const { connections, total, next } = await list();
    expect([total, next, connections.map((each) => each.socket_id)]).toEqual([2, null, [newest.id, id]]);
    expect(connections[0]).toMatchObject({ user_id: null, client: '', origin: '', channels: [], channel_count: 0 });
    expect(connections[1]).toMatchObject({
      user_id: 'ann',
      client: 'js 8.6.0',
      origin: 'https://shop.example',
      channels: ['news', 'private-a'],
      channel_count: 2,
    });
  });

  it('H33: goes on where a page ended, also when that connection has gone', async () => {
    const later = [await client(), await client(), await client()];
    const first = await list({ limit: '2' });
    expect(first.connections.map(({ socket_id }) => socket_id)).toEqual([later[2]?.id, later[1]?.id]);
    later[1]?.socket.close();
    await later[1]?.socket.closed;
    const second = await list({ limit: '2', before: String(first.next) });
    expect(second.connections[0]?.socket_id).toBe(later[0]?.id);
    const third = await list({ limit: '2', before: String(second.next) });
    expect([third.connections.length, third.next]).toEqual([1, null]);
  });

  it.each([{ limit: '0' }, { limit: '101' }, { limit: 'x' }, { limit: '-1' }, { before: 'x' }, { before: '1.5' }])(
    'H33, H2: %j is 400',
    async (query) => {
      const response = await server.rest('GET', '/connections', { query });
      expect([response.status, await response.json()]).toEqual([
        400,
        { error: expect.any(String) as string, code: 400 },
      ]);
    },
  );

  it('H2: is signed like the rest', async () => {
    expect((await server.rest('GET', '/connections', { secret: 'wrong' })).status).toBe(401);
  });
});
