import { expect, test } from 'vitest';
import { countFailure, delayAfter } from './back-off.ts';

test('waits 0.1 s after the first end, twice as long after each further one, never above 10 s', () => {
  expect([1, 2, 3, 8, 100].map(delayAfter)).toEqual([100, 200, 400, 10_000, 10_000]);
});

test('a run of half a minute makes the next end count as the first', () => {
  expect(countFailure(5, 29_999)).toBe(6);
  expect(countFailure(5, 30_000)).toBe(1);
});
