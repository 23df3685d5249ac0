import { describe, expect, it } from 'vitest';
import { median, percentile, spread } from './statistics.ts';

describe('statistics', () => {
  it('takes the middle value, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('tells how far values lie apart as a share of their median', () => {
    expect(spread([100, 90, 110])).toBeCloseTo(0.2);
    expect(spread([5, 5, 5])).toBe(0);
  });

  it('finds the value that a share of all do not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile([7], 0.99)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});
