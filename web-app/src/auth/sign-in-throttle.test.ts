import { describe, expect, it } from 'vitest';
import { SignInThrottle } from './sign-in-throttle.ts';

const MINUTE = 60_000;

function throttled() {
  const clock = { now: 0 };
  const throttle = new SignInThrottle({ count: 3, seconds: 15 * 60 }, () => clock.now);
  /** How many of so many tries were taken. */
  const fail = (times: number, userName = 'alice', address = '10.0.0.1') =>
    Array.from({ length: times }, () => throttle.begin(userName, address)).filter(Boolean).length;
  return { clock, throttle, fail };
}

describe('the sign-in throttle', () => {
  it('locks a name at an address after so many failures, whatever the case of its letters', () => {
    const { fail } = throttled();
    expect(fail(2)).toBe(2);
    expect(fail(2, 'ALICE')).toBe(1);
    expect(fail(1)).toBe(0);
    expect(fail(1, 'alice', '10.0.0.2')).toBe(1);
    expect(fail(1, 'bob')).toBe(1);
  });

  it('takes no more at once than one after the other', () => {
    const { throttle, fail } = throttled();
    expect(fail(1000)).toBe(3);
    throttle.undo('alice', '10.0.0.1');
    expect(fail(1000)).toBe(1);
  });

  it('unlocks a quarter of an hour after the failure that locked, however often it is tried meanwhile', () => {
    const { clock, fail } = throttled();
    fail(2);
    clock.now = 10 * MINUTE;
    fail(1);
    clock.now = 20 * MINUTE;
    expect(fail(5)).toBe(0);
    clock.now = 25 * MINUTE;
    expect(fail(1)).toBe(1);
  });

  it('forgets failures that are older than the window, and all of them after a success', () => {
    const { clock, throttle, fail } = throttled();
    fail(2);
    clock.now = 15 * MINUTE;
    expect(fail(2)).toBe(2);
    throttle.succeeded('alice', '10.0.0.1');
    expect(fail(4)).toBe(3);
  });

  it('off locks nobody', () => {
    const throttle = new SignInThrottle(null);
    for (let n = 0; n < 100; n += 1) expect(throttle.begin('alice', '10.0.0.1')).toBe(true);
  });
});
