import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('backoffMs', () => {
  it('doubles from half a second and stays at ten', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, 0.5))).toEqual([
      500, 1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
  });

  it('spreads by a quarter to each side', () => {
    expect(backoffMs(2, 0)).toBe(750);
    expect(backoffMs(2, 0.999)).toBe(1250);
  });
});
