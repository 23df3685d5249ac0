import { describe, expect, it } from 'vitest';
import { RateLimited, RateLimiter, rateLimitsInForce } from './rate-limits.ts';

function limiterAt(clock: { now: number }) {
  return new RateLimiter({ 'visitor-messages': { count: 2, seconds: 10 } }, () => clock.now);
}

function retryAfter(take: () => void): number | null {
  try {
    take();
  } catch (error) {
    if (error instanceof RateLimited) return error.retryAfterSeconds;
    throw error;
  }
  return null;
}

describe('rate limits', () => {
  it('A11: the call after the last allowed one is refused, until the window ends', () => {
    const clock = { now: 1_000 };
    const limiter = limiterAt(clock);
    limiter.take('visitor-messages', 7);
    limiter.take('visitor-messages', 7);
    clock.now += 3_500;
    expect(retryAfter(() => limiter.take('visitor-messages', 7))).toBe(7);
    clock.now += 6_500;
    expect(retryAfter(() => limiter.take('visitor-messages', 7))).toBeNull();
  });

  it('A11: everybody has their own window', () => {
    const limiter = limiterAt({ now: 0 });
    for (const visitor of [1, 2, 3]) {
      limiter.take('visitor-messages', visitor);
      limiter.take('visitor-messages', visitor);
    }
    expect(retryAfter(() => limiter.take('visitor-messages', 2))).toBe(10);
  });

  it('a name without a limit is not counted', () => {
    const limiter = limiterAt({ now: 0 });
    for (let n = 0; n < 1000; n += 1) limiter.take('visitor-address', '192.0.2.1');
  });

  it('the setting is off, or changes single limits', () => {
    expect(rateLimitsInForce({ kind: 'off' })).toEqual({});
    const changed = rateLimitsInForce({ kind: 'on', overrides: { 'visitor-messages': { count: 1, seconds: 2 } } });
    expect(changed['visitor-messages']).toEqual({ count: 1, seconds: 2 });
    expect(changed['visitor-address']).toEqual({ count: 120, seconds: 60 });
  });
});
