import { expect, it } from 'vitest';
import { fileSize } from './file-size.ts';
import { imageBox } from './image-size.ts';

it.each([
  [0, '0 B'],
  [512, '512 B'],
  [1536, '1.5 KB'],
  [200 * 1024, '200 KB'],
  [18 * 1024 * 1024, '18.0 MB'],
  [3 * 1024 ** 4, '3072 GB'],
])('%d bytes are %s', (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});

it.each([
  ['a small picture its own size', { width: 100, height: 80 }, { width: 100, height: 80 }],
  ['a wide one the width of the box', { width: 1600, height: 800 }, { width: 320, height: 160 }],
  ['a high one the height of the box', { width: 1000, height: 2000 }, { width: 140, height: 280 }],
  ['a thread of one a side that can be pressed', { width: 4000, height: 20 }, { width: 320, height: 56 }],
  ['an unknown one a likely size', { width: 0, height: 0 }, { width: 240, height: 160 }],
])('%s', (_what, size, box) => {
  expect(imageBox(size)).toEqual(box);
});
