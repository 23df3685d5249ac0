import { describe, expect, it } from 'vitest';
import { SignInThrottle } from './sign-in-throttle.ts';

const MINUTE = 60_000;

function throttled() {
  const clock = { now: 0 };
  const throttle = new SignInThrottle({ count: 3, seconds: 15 * 60 }, () => clock.now);
  const fail = (times: number, userName = 'alice', address = '10.0.0.1') => {
    for (let n = 0; n < times; n += 1) throttle.failed(userName, address);
  };
  return { clock, throttle, fail };
}

describe('the sign-in throttle', () => {
  it('locks a name at an address after so many failures, whatever the case of its letters', () => {
    const { throttle, fail } = throttled();
    fail(2);
    expect(throttle.isLocked('alice', '10.0.0.1')).toBe(false);
    fail(1, 'ALICE');
    expect(throttle.isLocked('alice', '10.0.0.1')).toBe(true);
    expect(throttle.isLocked('alice', '10.0.0.2')).toBe(false);
    expect(throttle.isLocked('bob', '10.0.0.1')).toBe(false);
  });

  it('unlocks a quarter of an hour after the failure that locked, however often it is tried meanwhile', () => {
    const { clock, throttle, fail } = throttled();
    fail(2);
    clock.now = 10 * MINUTE;
    fail(1);
    clock.now = 20 * MINUTE;
    fail(5);
    expect(throttle.isLocked('alice', '10.0.0.1')).toBe(true);
    clock.now = 25 * MINUTE;
    expect(throttle.isLocked('alice', '10.0.0.1')).toBe(false);
  });

  it('forgets failures that are older than the window, and all of them after a success', () => {
    const { clock, throttle, fail } = throttled();
    fail(2);
    clock.now = 15 * MINUTE;
    fail(2);
    expect(throttle.isLocked('alice', '10.0.0.1')).toBe(false);
    throttle.succeeded('alice', '10.0.0.1');
    fail(2);
    expect(throttle.isLocked('alice', '10.0.0.1')).toBe(false);
  });

  it('off locks nobody', () => {
    const throttle = new SignInThrottle(null);
    for (let n = 0; n < 100; n += 1) throttle.failed('alice', '10.0.0.1');
    expect(throttle.isLocked('alice', '10.0.0.1')).toBe(false);
  });
});
