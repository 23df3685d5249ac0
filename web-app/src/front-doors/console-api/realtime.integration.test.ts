import { channelAuth } from '@openkefu/pusher-server/protocol/signature';
import PusherClient from 'pusher-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, visit } from '../../../../test-support/api-visit.ts';
import { eventually, httpCaller } from '../../../../test-support/http-calls.ts';
import { signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type {
  ApiRealtimeChannels,
  ApiRealtimeConnections,
  ApiRealtimeDeliveries,
  ApiRealtimeMembers,
} from './wire-realtime.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string, level: string) => ({ user_name, nick_name: user_name, password: PASSWORD, level });
const READS = ['connections', 'channels', 'channels/presence-a/members', 'deliveries', 'stream'];

let stack: Stack;
let root: SignedInAgent;
const clients: PusherClient[] = [];

beforeAll(async () => {
  const agents = [agent('root', 'super_manager'), agent('mia', 'manager'), agent('sam', 'service')];
  stack = await startStack({ bootstrap: { businesses: [{ business_id: 'acme', agents }] } });
  root = await signIn(stack.webUrl, 'root', PASSWORD);
});

afterAll(async () => {
  for (const client of clients) client.disconnect();
  await stack.stop();
});

/** A client of the app that is on these channels, the presence ones as this user. */
async function client(userId: string, channels: string[]): Promise<PusherClient> {
  const { key, secret } = stack.app;
  const pusher = new PusherClient(key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: stack.pusher.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId, channelName }, done) => {
        const channel_data = JSON.stringify({ user_id: userId });
        done(null, { auth: channelAuth({ key, secret }, socketId, channelName, channel_data), channel_data });
      },
    },
  });
  clients.push(pusher);
  for (const name of channels) {
    const channel = pusher.subscribe(name);
    await new Promise((resolve) => channel.bind('pusher:subscription_succeeded', resolve));
  }
  return pusher;
}

const get = <Body>(path: string) => root.calls.get<Body>(`/api/v1/realtime/${path}`);
const trigger = (body: object) => root.calls.json('POST', '/api/v1/realtime/events', body);

describe('the debug console’s API', () => {
  it('A26: is closed to everybody but super managers', async () => {
    const others = await Promise.all(['mia', 'sam'].map((name) => signIn(stack.webUrl, name, PASSWORD)));
    const visitor = await visit(stack.webUrl, 'acme');
    for (const { calls } of [...others, visitor]) {
      for (const path of READS) expectProblem(await calls.get(`/api/v1/realtime/${path}`), 403, 'forbidden');
      const event = { channel: 'news', name: 'e', data: '' };
      expectProblem(await calls.json('POST', '/api/v1/realtime/events', event), 403, 'forbidden');
    }
    const anybody = httpCaller(stack.webUrl);
    for (const path of READS) expectProblem(await anybody.get(`/api/v1/realtime/${path}`), 401, 'unauthorized');
  });

  it('A28: tells connections, channels, members and webhook attempts', async () => {
    await client('ann', ['news', 'presence-room']);
    const connections = await get<ApiRealtimeConnections>('connections?limit=1');
    expect(connections.body).toMatchObject({
      items: [{ userId: null, client: 'js 8.6.0', channels: ['news', 'presence-room'], channelCount: 2 }],
      total: expect.any(Number) as number,
    });
    const { body: channels } = await get<ApiRealtimeChannels>('channels');
    expect(channels.items).toContainEqual({ name: 'news', subscriptions: 1, users: null });
    expect(channels.items).toContainEqual({ name: 'presence-room', subscriptions: null, users: 1 });
    expect(channels.total).toBe(channels.items.length);
    const narrowed = await get<ApiRealtimeChannels>('channels?prefix=presence-r');
    expect(narrowed.body).toEqual({ items: [{ name: 'presence-room', subscriptions: null, users: 1 }], total: 1 });
    const members = await get<ApiRealtimeMembers>('channels/presence-room/members');
    expect(members.body).toEqual({ items: [{ id: 'ann' }] });
    const deliveries = await eventually(
      () => get<ApiRealtimeDeliveries>('deliveries'),
      ({ body }) => body.items.length > 0,
    );
    expect(deliveries.body.items.at(-1)).toMatchObject({ url: `${stack.webUrl}/admin/event`, attempt: 1, status: 200 });
  });

  it('A28: the pages of connections follow one another', async () => {
    await client('one', ['news']);
    await client('two', ['news']);
    const first = await get<ApiRealtimeConnections>('connections?limit=1');
    const second = await get<ApiRealtimeConnections>(`connections?limit=1&before=${first.body.next ?? ''}`);
    expect(second.body.items).toHaveLength(1);
    expect(second.body.items[0]?.socketId).not.toBe(first.body.items[0]?.socketId);
  });

  it.each(['connections?limit=0', 'connections?before=x', 'channels/private-a/members', 'deliveries?limit=1001'])(
    'A3: %s is 422',
    async (path) => expectProblem(await get(path), 422, 'invalid'),
  );

  it('A29: publishes to a client as it is', async () => {
    const pusher = await client('ann', ['news']);
    const heard = new Promise((resolve) => pusher.channel('news').bind('hello', resolve));
    expect((await trigger({ channel: 'news', name: 'hello', data: '{"a":"客"}' })).status).toBe(204);
    expect(await heard).toEqual({ a: '客' });
  });

  it.each([
    ['no channel', { channel: '', name: 'e' }],
    ['a bad channel', { channel: 'a b', name: 'e' }],
    ['no name', { channel: 'news', name: ' ' }],
    ['a reserved name', { channel: 'news', name: 'pusher:e' }],
    ['too much data', { channel: 'news', name: 'e', data: 'x'.repeat(10_241) }],
  ])('A29: %s is 422', async (_what, body) => expectProblem(await trigger(body), 422, 'invalid'));

  it('A29, A6: publishing needs the CSRF token', async () => {
    const cookieOnly = httpCaller(stack.webUrl, { Cookie: root.cookie });
    const body = { channel: 'news', name: 'e', data: '' };
    expectProblem(await cookieOnly.json('POST', '/api/v1/realtime/events', body), 403, 'forbidden');
  });

  it('A30: passes the stream on, and lets go of it when the browser does', async () => {
    const stop = new AbortController();
    const response = await fetch(`${stack.webUrl}/api/v1/realtime/stream`, {
      headers: { Cookie: root.cookie },
      signal: stop.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const heard = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        if (text.includes('"name":"streamed"')) return;
      }
    })();
    await eventually(
      () => Promise.resolve(text),
      (so) => so.includes('retry:'),
    );
    await trigger({ channel: 'news', name: 'streamed', data: '{"secret":1}' });
    await heard;
    expect(text).toContain('event: api_event\ndata: {"time":"');
    stop.abort();
    // Listeners are few: had the others stayed, the last of these would be refused.
    for (let round = 0; round < 40; round += 1) {
      const each = new AbortController();
      const { status } = await fetch(`${stack.webUrl}/api/v1/realtime/stream`, {
        headers: { Cookie: root.cookie },
        signal: each.signal,
      });
      expect(status).toBe(200);
      each.abort();
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('A27: is 503 while the realtime server is away, and back when it is', async () => {
    await stack.killPusher9();
    for (const path of READS) expectProblem(await get(path), 503, 'realtime_unavailable');
    expectProblem(await trigger({ channel: 'news', name: 'e', data: '' }), 503, 'realtime_unavailable');
    await stack.restartPusher();
    expect((await get('channels')).status).toBe(200);
  });
});
