import { describe, expect, it } from 'vitest';
import { currentRow, stepRow } from './roving-rows.ts';

describe('currentRow', () => {
  it('is the focused row, else the selected one, else the first', () => {
    expect(currentRow([1, 2, 3], 2, 3)).toBe(2);
    expect(currentRow([1, 2, 3], 9, 3)).toBe(3);
    expect(currentRow([1, 2, 3], 9, 9)).toBe(1);
    expect(currentRow([], 1, 1)).toBeNull();
  });
});

describe('stepRow', () => {
  it('moves by arrows and stops at the ends', () => {
    expect(stepRow([1, 2, 3], 1, 'ArrowDown')).toBe(2);
    expect(stepRow([1, 2, 3], 3, 'ArrowDown')).toBe(3);
    expect(stepRow([1, 2, 3], 1, 'ArrowUp')).toBe(1);
    expect(stepRow([1, 2, 3], 2, 'Home')).toBe(1);
    expect(stepRow([1, 2, 3], 2, 'End')).toBe(3);
    expect(stepRow([1, 2, 3], 2, 'a')).toBeNull();
    expect(stepRow([], null, 'ArrowDown')).toBeNull();
  });
});
