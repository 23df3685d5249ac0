import { describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { onNodes } from './on-nodes.ts';
import { ROOM } from './presence-view.ts';
import { isAway, liveWithoutRedis } from './redis-away.ts';
import { BUSY_TEST_MS } from './nodes.ts';

const AWAY_MS = 5_000;
const DELAY_MS = 200;

describe.skipIf(redisIsMissing)('Redis goes away', { concurrent: true, timeout: BUSY_TEST_MS }, () => {
  it('K92: and comes back empty', () =>
    onNodes({ webhookDelayMs: DELAY_MS }, (nodes, redis) => liveWithoutRedis(nodes, redis, AWAY_MS)));

  it('K92: and comes back with its data', () =>
    onNodes({ webhookDelayMs: DELAY_MS, redisKeepsData: true }, (nodes, redis) =>
      liveWithoutRedis(nodes, redis, 1_000),
    ));

  it('K92: events triggered meanwhile reach the other node after it, once and in order', () =>
    onNodes({}, async (nodes, redis) => {
      const there = await nodes.guest(1);
      await there.join('news');
      await redis.kill9();
      await isAway(nodes);
      const lines = Array.from({ length: 200 }, (_, number) => `e ${String(number)}`);
      for (const line of lines) expect(await nodes.trigger(0, 'news', line.slice(2))).toBe(200);
      await redis.start();
      await nodes.trigger(0, 'news', 'last');
      expect(await there.hearsUntil('news', 'e last', 10_000)).toEqual([...lines, 'e last']);
    }));

  it('K92: before the start: each node works alone, and they join when it comes', () =>
    onNodes({ redisIsAway: true }, async (nodes, redis) => {
      await isAway(nodes);
      const [ann, bob] = [await nodes.guest(0), await nodes.guest(1)];
      expect(await ann.join(ROOM, 'ann')).toBe('ann');
      expect(await bob.join(ROOM, 'bob')).toBe('bob');
      expect(await nodes.trigger(0, ROOM, 'alone')).toBe(200);
      expect(await ann.hears(ROOM)).toBe('e alone');
      expect((await fetch(`${nodes.process(0).url}/ready`)).status).toBe(200);
      await redis.start();
      expect((await ann.hearsUntil(ROOM, 'added bob', 10_000)).at(-1)).toBe('added bob');
      expect((await bob.hearsUntil(ROOM, 'added ann', 10_000)).at(-1)).toBe('added ann');
      await nodes.trigger(0, ROOM, 'together');
      expect(await bob.hearsUntil(ROOM, 'e together')).toContain('e together');
    }));
});
