import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf, safeImageAddress } from './initials.ts';

describe('initialsOf', () => {
  it('takes one sign of Chinese names and the first letters of others', () => {
    expect(['Alice', 'Alice van Berg', '王小明', '游客w-12ab', ' 😀 bob', '', '<b>'].map(initialsOf)).toEqual([
      'A',
      'AB',
      '王',
      '游',
      'B',
      '?',
      'B',
    ]);
  });
});

describe('hueOf', () => {
  it('is the same for the same person and within bounds', () => {
    expect(hueOf('w-1', 6)).toBe(hueOf('w-1', 6));
    for (const seed of ['', 'a', '王', '🙂'.repeat(500)]) expect(hueOf(seed, 6)).toBeLessThan(6);
  });
});

describe('safeImageAddress', () => {
  it('lets images of sites through and nothing else', () => {
    expect(safeImageAddress('https://cdn.example/a.png')).toBe('https://cdn.example/a.png');
    expect(safeImageAddress('/assets/a.png')).toBe('/assets/a.png');
    for (const address of ['', 'javascript:alert(1)', 'data:image/svg+xml,x', 'a.png']) {
      expect(safeImageAddress(address)).toBeNull();
    }
  });
});
