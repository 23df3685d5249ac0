import { describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { BUSY_TEST_MS, PATIENCE_MS, type Nodes } from './nodes.ts';
import { onNodes } from './on-nodes.ts';
import { poll } from './poll.ts';

/** Longer than a command may take. */
const PAUSE_MS = 3_000;
/** A busy machine takes long to fill the queue. */
const FILLED_WITHIN_MS = 30_000;
const EVENT_BYTES = 10_000;
/** As many as a request may hold. */
const BATCH = 90;
const MAX_WAITING_EVENTS = 10_000;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const MAX_GROWTH_BYTES = 150 * 1024 * 1024;

/** Readers may owe what arrives at once when Redis is back. */
const BIG_BATCHES = { app: { maxEventBatchSize: BATCH }, env: { PUSHER_MAX_BUFFER_KB: '16384' } };

describe.skipIf(redisIsMissing)('Redis is slow', { timeout: BUSY_TEST_MS }, () => {
  const batch = (nodes: Nodes, first: number) => {
    const events = Array.from({ length: BATCH }, (_, index) => ({
      name: 'e',
      channel: 'news',
      data: `${String(first + index)} ${'x'.repeat(EVENT_BYTES)}`,
    }));
    return nodes.rest(0, 'POST', '/batch_events', { body: JSON.stringify({ batch: events }) });
  };

  it('K93: what waits is bounded; then events are refused with 503 and delivered to nobody, until it is back', () =>
    onNodes(BIG_BATCHES, async (nodes, redis) => {
      const [here, there] = [await nodes.guest(0), await nodes.guest(1)];
      for (const guest of [here, there]) await guest.join('news');
      const before = await nodes.metric(0, 'process_resident_memory_bytes');
      const began = Date.now();
      await redis.pause(PAUSE_MS);
      // So that Redis stays silent for as long as it takes.
      nodes.link(0).hold();

      let taken = 0;
      let refusal: Response | null = null;
      while (refusal === null && Date.now() - began < FILLED_WITHIN_MS) {
        const answer = await batch(nodes, taken);
        if (answer.status === 200) taken += BATCH;
        else refusal = answer;
        const [last] = (await here.rest()).slice(-1);
        if (answer.status === 200) expect(String(last?.data)).toMatch(new RegExp(`^${String(taken - 1)} `));
        else expect(last).toBeUndefined();
        expect(await nodes.metric(0, 'cluster_waiting_events')).toBeLessThanOrEqual(MAX_WAITING_EVENTS);
      }
      expect(refusal?.status).toBe(503);
      expect(refusal?.headers.get('retry-after')).toBe('1');
      // What was under way when Redis fell silent is given up after a while, and leaves room for as much again.
      expect(taken * EVENT_BYTES).toBeLessThan(MAX_WAITING_BYTES * 1.25);
      expect((await nodes.metric(0, 'process_resident_memory_bytes')) - before).toBeLessThan(MAX_GROWTH_BYTES);

      // Whoever comes now is not kept waiting for longer than a command may take.
      const late = await nodes.guest(0);
      expect(await late.join('presence-late', 'ann')).toBe('ann');
      expect((await nodes.rest(0, 'GET', '/channels')).status).toBe(200);
      nodes.link(0).restore();

      await poll(() => nodes.trigger(0, 'news', 'back'), { interval: 100 }).toBe(200);
      const heard = await there.hearsUntil('news', 'e back', PATIENCE_MS);
      const numbers = heard.slice(0, -1).map((line) => Number(line.split(' ')[1]));
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      expect(new Set(numbers).size).toBe(numbers.length);
      await poll(() => nodes.metric(0, 'cluster_waiting_events')).toBe(0);
      const other = await nodes.guest(1);
      await poll(() => nodes.metric(0, 'cluster_up')).toBe(1);
      expect((await other.join('presence-late', 'bob')).split(',')).toContain('bob');
      expect(await late.hearsUntil('presence-late', 'added bob', 5_000)).toContain('added bob');
    }));
});
