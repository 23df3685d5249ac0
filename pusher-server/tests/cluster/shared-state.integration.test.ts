import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../test-support/redis.ts';
import { connect } from '../../../test-support/websocket-client.ts';
import { listen, type StreamListener } from '../event-stream.ts';
import { frame, subscribed } from '../frames.ts';
import { Nodes } from './nodes.ts';
import { poll } from './poll.ts';

const LIMITED = { id: 'limited', key: 'limited-key', secret: 'limited-secret' };

describe.skipIf(redisIsMissing)('what two real nodes share', () => {
  let redis: RedisServer;
  let nodes: Nodes;
  const streams: StreamListener[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    const app = { maxBackendEventsPerSecond: 30, cacheTtlSeconds: 60 };
    const furtherApps = [{ ...LIMITED, maxConnections: 3 }];
    nodes = await Nodes.open({ redisPort: redis.port, app, furtherApps });
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });
  afterAll(async () => {
    await nodes.close();
    await redis.stop();
  });

  const listener = async (node: number) => {
    const stream = await listen(nodes.port(node));
    streams.push(stream);
    return stream;
  };

  it('K60, H16: a rate holds for triggers at both nodes together', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, index) => nodes.trigger(index % 2, 'rated', String(index))),
    );
    const taken = statuses.filter((status) => status === 200).length;
    expect(statuses.filter((status) => status === 429)).toHaveLength(100 - taken);
    // The requests may spread over two windows.
    expect(taken).toBeGreaterThanOrEqual(27);
    expect(taken).toBeLessThanOrEqual(60);
    await poll(() => nodes.trigger(0, 'rated', 'later')).toBe(200);
  });

  it('K62, H40: a trigger that is repeated at the other node is done once', async () => {
    const guest = await nodes.guest(0);
    await guest.join('once');
    await poll(() => nodes.trigger(0, 'rated', 'window')).toBe(200);
    const more = { idempotency_key: 'k1' };
    const statuses = await Promise.all([0, 1, 0, 1].map((node) => nodes.trigger(node, 'once', 'x', more)));
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(await nodes.trigger(1, 'once', 'other', more)).toBe(422);
    await nodes.trigger(1, 'once', 'end');
    expect(await guest.hearsUntil('once', 'e end')).toEqual(['e x', 'e end']);
  });

  it('K65, S10: a cache channel’s subscriber on the other node gets the last event', async () => {
    await nodes.trigger(0, 'cache-news', 'first');
    await nodes.trigger(0, 'cache-news', 'last');
    const guest = await nodes.guest(1);
    await guest.join('cache-news');
    expect(await guest.hears('cache-news')).toBe('e last');
    const none = await nodes.guest(1);
    await none.join('cache-none');
    expect(await frame(none.client)).toMatchObject({ event: 'pusher:cache_miss', channel: 'cache-none' });
  });

  it('K64, C5: an app’s connections are counted over both nodes', async () => {
    const held = [
      await nodes.guest(0, LIMITED.key),
      await nodes.guest(0, LIMITED.key),
      await nodes.guest(1, LIMITED.key),
    ];
    // Within a second each node knows what the other has.
    const attempt = async (node: number) => {
      const socket = await connect(`ws://127.0.0.1:${String(nodes.port(node))}/app/${LIMITED.key}?protocol=7`);
      const { event, data } = await frame(socket);
      socket.close();
      return event === 'pusher:error' ? (data as { code: number }).code : event;
    };
    for (const node of [0, 1]) {
      await poll(() => attempt(node), { timeout: 5_000, interval: 300 }).toBe(4004);
    }
    held[0]?.client.close();
    await poll(() => attempt(1), { timeout: 5_000, interval: 300 }).toBe('pusher:connection_established');
  });

  it('K76, H31: a stream tells what happens on both nodes, each thing once', async () => {
    const stream = await listener(0);
    const guest = await nodes.guest(1);
    // It begins with the next look of the other node at who listens.
    let hasBegun = false;
    void stream.next('api_event').then(() => (hasBegun = true));
    const triggered = async () => {
      await nodes.trigger(1, 'beginning', 'x');
      return hasBegun;
    };
    await poll(triggered, { timeout: 4_000, interval: 100 }).toBe(true);
    const own = await nodes.guest(0);
    await own.join('presence-room', 'ann');
    await subscribed(guest.client, guest.socketId, 'presence-room', { user_id: 'bob' });
    expect(await stream.next('member_added')).toMatchObject({ user_id: 'ann' });
    expect(await stream.next('member_added')).toMatchObject({ user_id: 'bob' });
    expect(await stream.next('subscribed')).toMatchObject({ socket_id: guest.socketId, channel: 'presence-room' });
    guest.client.close();
    expect(await stream.next('connection_closed')).toMatchObject({ socket_id: guest.socketId });
    expect(await stream.next('member_removed')).toMatchObject({ user_id: 'bob' });
    own.leave('presence-room');
    expect(await stream.next('member_removed')).toMatchObject({ user_id: 'ann' });
    expect(await stream.next('channel_vacated')).toMatchObject({ channel: 'presence-room' });
  });
});
