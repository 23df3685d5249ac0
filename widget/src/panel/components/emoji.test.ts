import { expect, it } from 'vitest';
import { laterWords } from '../i18n/later-words.ts';
import { EMOJI, stepInGrid } from './emoji.ts';

it('every group has a name in both languages, and no emoji stands twice in it', () => {
  for (const { emojiGroups } of Object.values(laterWords)) expect(emojiGroups).toHaveLength(EMOJI.length);
  for (const group of EMOJI) expect(new Set(group).size).toBe(group.length);
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
