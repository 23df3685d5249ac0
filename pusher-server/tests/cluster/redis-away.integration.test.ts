import { afterEach, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../test-support/redis.ts';
import { Nodes } from './nodes.ts';
import { isAway, liveWithoutRedis } from './redis-away.ts';

const AWAY_MS = 5_000;

describe.skipIf(redisIsMissing)('Redis goes away', () => {
  let redis: RedisServer | undefined;
  let nodes: Nodes | undefined;

  afterEach(async () => {
    await nodes?.close();
    await redis?.drop();
    nodes = undefined;
  });

  it('K92: and comes back empty', async () => {
    redis = await startRedis();
    nodes = await Nodes.open({ redisPort: redis.port, webhookDelayMs: 200 });
    await liveWithoutRedis(nodes, redis, AWAY_MS);
  });

  it('K92: and comes back with its data', async () => {
    redis = await startRedis({ appendonly: true });
    nodes = await Nodes.open({ redisPort: redis.port, webhookDelayMs: 200 });
    await liveWithoutRedis(nodes, redis, 1_000);
  });

  it('K92: events triggered meanwhile reach the other node after it, once and in order', async () => {
    redis = await startRedis();
    nodes = await Nodes.open({ redisPort: redis.port });
    const there = await nodes.guest(1);
    await there.join('news');
    await redis.kill9();
    await isAway(nodes);
    const lines = Array.from({ length: 200 }, (_, number) => `e ${String(number)}`);
    for (const line of lines) expect(await nodes.trigger(0, 'news', line.slice(2))).toBe(200);
    await redis.start();
    await nodes.trigger(0, 'news', 'last');
    expect(await there.hearsUntil('news', 'e last', 10_000)).toEqual([...lines, 'e last']);
  });

  it('K92: before the start: each node works alone, and they join when it comes', async () => {
    redis = await startRedis();
    await redis.kill9();
    nodes = await Nodes.open({ redisPort: redis.port });
    await isAway(nodes);
    const [ann, bob] = [await nodes.guest(0), await nodes.guest(1)];
    expect(await ann.join('presence-room', 'ann')).toBe('ann');
    expect(await bob.join('presence-room', 'bob')).toBe('bob');
    expect(await nodes.trigger(0, 'presence-room', 'alone')).toBe(200);
    expect(await ann.hears('presence-room')).toBe('e alone');
    expect((await fetch(`${nodes.process(0).url}/ready`)).status).toBe(200);
    await redis.start();
    expect((await ann.hearsUntil('presence-room', 'added bob', 10_000)).at(-1)).toBe('added bob');
    expect((await bob.hearsUntil('presence-room', 'added ann', 10_000)).at(-1)).toBe('added ann');
    await nodes.trigger(0, 'presence-room', 'together');
    expect(await bob.hearsUntil('presence-room', 'e together')).toContain('e together');
  });
});
