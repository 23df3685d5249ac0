import { describe, expect, it } from 'vitest';
import { IdempotencyKeys, type KeyLimits } from './idempotency-keys.ts';

async function using(limits: Partial<KeyLimits>, body: (keys: IdempotencyKeys) => Promise<void>): Promise<void> {
  const keys = new IdempotencyKeys({ ttlMs: 60_000, waitMs: 20, maxKeys: 10, ...limits });
  await body(keys);
  keys.close();
}

describe('idempotency keys of one node', () => {
  it('H40: a key is free again when its time is over, answered or not', () =>
    using({ ttlMs: 30, waitMs: 5_000 }, async (keys) => {
      await keys.claim('app', 'answered', 'x');
      keys.settle('app', 'answered', '{}');
      await keys.claim('app', 'left', 'x');
      await expect.poll(async () => (await keys.claim('app', 'answered', 'y')).kind).toBe('first');
      expect(await keys.claim('app', 'left', 'y')).toEqual({ kind: 'first' });
    }));

  it('H42: only so many keys are remembered at a time, for each app', () =>
    using({ maxKeys: 2 }, async (keys) => {
      await keys.claim('app', 'a', 'x');
      await keys.claim('app', 'b', 'x');
      expect(await keys.claim('app', 'c', 'x')).toEqual({ kind: 'full' });
      expect(await keys.claim('other', 'c', 'x')).toEqual({ kind: 'first' });
      keys.release('app', 'a');
      expect(await keys.claim('app', 'c', 'x')).toEqual({ kind: 'first' });
    }));

  it('H40: an answer that comes after its time is kept for nobody', () =>
    using({}, async (keys) => {
      keys.settle('app', 'unknown', '{}');
      keys.release('app', 'unknown');
      expect(await keys.claim('app', 'unknown', 'x')).toEqual({ kind: 'first' });
    }));
});
