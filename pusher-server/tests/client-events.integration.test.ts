import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type QueueingSocket } from '../../test-support/websocket-client.ts';
import { frame, greeted, settled, subscribed } from './frames.ts';
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
  server = await startTestServer([{ maxClientEventsPerSecond: 5 }]);
});
afterAll(async () => {
  for (const socket of clients) socket.close();
  await server.stop();
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
