import { expect, it } from 'vitest';
import { imageBox } from './image-size.ts';

it.each([
  ['a small one stays as it is', 100, 80, 100, 80],
  ['a wide one fits the width', 2320, 1160, 232, 116],
  ['a tall one fits the height', 1000, 2600, 100, 260],
  ['a thread is cut', 4000, 10, 232, 56],
  ['a dot has a size to press', 1, 1, 56, 56],
  ['one of unknown size gets a usual one', 0, 0, 232, 160],
])('the box of an image: %s', (_what, width, height, shownWidth, shownHeight) => {
  expect(imageBox({ width, height })).toEqual({ width: shownWidth, height: shownHeight });
});
