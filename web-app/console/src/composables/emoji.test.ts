import { expect, it } from 'vitest';
import { zhCN } from '../i18n/zh-CN.ts';
import { EMOJI_GROUPS, stepInGrid } from './emoji.ts';

it('no emoji stands twice in a group, and every group has a name', () => {
  for (const { emoji } of EMOJI_GROUPS) expect(new Set(emoji).size).toBe(emoji.length);
  expect(Object.keys(zhCN.emoji)).toEqual(EMOJI_GROUPS.map(({ name }) => name));
});

it.each([
  ['ArrowRight', 0, 1],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 3, 11],
  ['ArrowDown', 15, 15],
  ['ArrowUp', 9, 1],
  ['Home', 9, 0],
  ['End', 0, 19],
  ['a', 4, null],
])('in a grid of 20 in rows of 8, %s leads from %d to %j', (key, from, to) => {
  expect(stepInGrid(key, from, 20, 8)).toBe(to);
});
