import { expect, test } from 'vitest';
import { callClock } from './call-clock.ts';

test.each([
  [-1, '0:00'],
  [7.9, '0:07'],
  [750, '12:30'],
  [3_723, '1:02:03'],
])('%s seconds are %s', (seconds, words) => {
  expect(callClock(seconds)).toBe(words);
});
