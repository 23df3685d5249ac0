import { expect, it } from 'vitest';
import { clock, fileSize } from './file-size.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KB'],
  [1_468_006, '1.4 MB'],
  [18 * 1024 * 1024, '18.0 MB'],
  [200 * 1024, '200 KB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(fileSize(bytes)).toBe(text);
});

it.each([
  [0, '0:00'],
  [6_600, '0:07'],
  [750_000, '12:30'],
  [-5, '0:00'],
])('%d ms read as %s', (milliseconds, text) => {
  expect(clock(milliseconds)).toBe(text);
});
