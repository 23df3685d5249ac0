import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import Pusher from 'pusher';
import { afterEach, describe, expect, it } from 'vitest';
import { APP } from '../start.ts';
import { joined, once, openClient8, type Client } from './clients.ts';
import { Room, restLibrary } from './room.ts';

let room: Room;
afterEach(() => room.close());

/** A client of a user, on these channels. */
async function on(user: string, ...channels: string[]): Promise<Client> {
  const client = room.enter(openClient8, user);
  for (const name of channels) await joined(client, name);
  return client;
}

async function read(path: string, params: Record<string, string> = {}): Promise<unknown> {
  const response = await room.rest.get({ path, params });
  return response.json();
}

describe('the pusher library', () => {
  it('H8, H12: trigger on several channels, with info', async () => {
    room = await Room.open({ enableSubscriptionCount: true });
    await on('ann', 'news', 'presence-room');
    await on('bob', 'presence-room');
    const info = 'user_count,subscription_count';
    const response = await room.rest.trigger(['news', 'presence-room'], 'hello', { n: 1 }, { info });
    expect(await response.json()).toEqual({
      channels: { news: { subscription_count: 1 }, 'presence-room': { user_count: 2 } },
    });
    expect(await (await room.rest.trigger('news', 'hello', 'plain')).json()).toEqual({});
  });

  it('H11, H12: triggerBatch, each to its channel, answers in order', async () => {
    room = await Room.open();
    const ann = room.enter(openClient8, 'ann');
    const news = await joined(ann, 'news');
    const secret = await joined(ann, 'private-encrypted-a');
    const heard = [once(news, 'one'), once(secret, 'two')];
    const response = await room.rest.triggerBatch([
      { channel: 'news', name: 'one', data: { n: 1 } },
      { channel: 'private-encrypted-a', name: 'two', data: { n: 2 } },
      { channel: 'presence-nobody', name: 'three', data: 'x', info: 'user_count' },
    ]);
    expect(await response.json()).toEqual({ batch: [{}, {}, { user_count: 0 }] });
    expect(await Promise.all(heard)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('H12–H15: the reading calls', async () => {
    room = await Room.open({ enableSubscriptionCount: true });
    await on('ann', 'news', 'cache-news', 'presence-room');
    await on('bob', 'presence-room');
    await on('bob', 'presence-room');
    await room.rest.trigger('cache-news', 'rate', { n: 1 });
    expect(await read('/channels')).toEqual({ channels: { 'cache-news': {}, news: {}, 'presence-room': {} } });
    expect(await read('/channels', { filter_by_prefix: 'presence-', info: 'user_count' })).toEqual({
      channels: { 'presence-room': { user_count: 2 } },
    });
    expect(await read('/channels/presence-room', { info: 'user_count' })).toEqual({ occupied: true, user_count: 2 });
    expect(await read('/channels/news', { info: 'subscription_count' })).toEqual({
      occupied: true,
      subscription_count: 1,
    });
    expect(await read('/channels/cache-news', { info: 'cache' })).toMatchObject({
      occupied: true,
      cache: { data: '{"n":1}' },
    });
    expect(await read('/channels/nobody')).toEqual({ occupied: false });
    expect(await read('/channels/presence-room/users')).toEqual({ users: [{ id: 'ann' }, { id: 'bob' }] });
  });

  it('U4, U5: sendToUser and terminateUserConnections', async () => {
    room = await Room.open();
    const ann = room.enter(openClient8, 'ann');
    ann.signin();
    await ann.user.signinDonePromise;
    const heard = once(ann.user, 'hello');
    const again = setInterval(() => void room.rest.sendToUser('ann', 'hello', { n: 1 }), 20);
    expect(await heard).toEqual({ n: 1 });
    clearInterval(again);
    const gone = once(ann.connection, 'disconnected');
    expect(await (await room.rest.terminateUserConnections('ann')).json()).toEqual({});
    await gone;
  });

  it('H2: refusals reach its caller with status and text', async () => {
    room = await Room.open();
    const refusal = async (call: Promise<unknown>) => {
      const error = await call.then(
        () => null,
        (cause: unknown) => cause,
      );
      if (!(error instanceof Pusher.RequestError)) throw new Error('was not refused');
      return { status: error.status, body: JSON.parse(String(error.body)) as unknown };
    };
    const wrong = restLibrary(room.port, 'wrong');
    const told = (code: number) => ({ status: code, body: { error: expect.any(String) as string, code } });
    expect(await refusal(wrong.trigger('news', 'hello', 'x'))).toEqual(told(401));
    expect(await refusal(room.rest.trigger('news', 'hello', 'x'.repeat(10_241)))).toEqual(told(413));
    expect(await refusal(room.rest.trigger('news', 'pusher:hello', 'x'))).toEqual(told(400));
    expect(await refusal(room.rest.get({ path: '/channels/news/users', params: {} }))).toEqual(told(400));
    const other = new Pusher({
      appId: 'nobody',
      key: APP.key,
      secret: APP.secret,
      host: '127.0.0.1',
      port: String(room.port),
    });
    expect(await refusal(other.get({ path: '/channels', params: {} }))).toEqual(told(404));
  });

  it('W1, W2: webhook() takes our deliveries for valid, and a changed one not', async () => {
    const received: { headers: IncomingHttpHeaders; body: string }[] = [];
    let look: () => void = () => undefined;
    const receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.end();
        look();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/`;
    const webhooks = [{ url }];
    room = await Room.open({ webhooks, enableSubscriptionCount: true }, { webhookDelayMs: 0, webhookBatchMs: 10 });
    try {
      const hears = (name: string) =>
        new Promise<void>((resolve) => {
          look = () => {
            if (received.some(({ body }) => body.includes(name))) resolve();
          };
          look();
        });
      const ann = room.enter(openClient8, 'ann');
      const channel = ann.subscribe('presence-cache-room');
      await once(channel, 'pusher:cache_miss');
      channel.trigger('client-hello', { text: '客服' });
      await hears('client_event');
      ann.disconnect();
      await hears('channel_vacated');

      const events = received.flatMap(({ headers, body }) => {
        const webhook = room.rest.webhook({ headers, rawBody: body });
        expect(webhook.isValid()).toBe(true);
        expect(Math.abs(webhook.getTime().getTime() - Date.now())).toBeLessThan(60_000);
        expect(room.rest.webhook({ headers, rawBody: body.replace('room', 'r00m') }).isValid()).toBe(false);
        expect(restLibrary(room.port, 'wrong').webhook({ headers, rawBody: body }).isValid()).toBe(false);
        return webhook.getEvents();
      });
      expect(events.map(({ name }) => name)).toEqual([
        'channel_occupied',
        'member_added',
        'cache_miss',
        'client_event',
        'member_removed',
        'channel_vacated',
      ]);
    } finally {
      await new Promise((resolve) => receiver.close(resolve).closeAllConnections());
    }
  });
});
