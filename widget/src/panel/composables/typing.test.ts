import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { TypingTeller, useHeardTyping } from './typing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the word that somebody types', () => {
  let said: boolean[];
  let teller: TypingTeller;
  const press = (text = 'x') => teller.pressed(text === '', Date.now());

  beforeEach(() => {
    said = [];
    teller = new TypingTeller((typing) => said.push(typing));
  });

  it('is said at once, and again only every three seconds', () => {
    for (let key = 0; key < 40; key += 1) {
      press();
      vi.advanceTimersByTime(100);
    }
    expect(said).toEqual([true, true]);
  });

  it('is taken back when it was sent, emptied, or nothing came for a while', () => {
    press();
    teller.stop();
    press();
    press('');
    press();
    vi.advanceTimersByTime(5000);
    expect(said).toEqual([true, false, true, false, true, false]);
  });

  it('is not taken back when it was never said', () => {
    teller.stop();
    press('');
    expect(said).toEqual([]);
  });
});

it('what was heard of typing is forgotten when nothing more is heard', () => {
  const scope = effectScope();
  const { typing, heard } = scope.run(useHeardTyping) as ReturnType<typeof useHeardTyping>;
  heard(true);
  vi.advanceTimersByTime(4000);
  heard(true);
  vi.advanceTimersByTime(5999);
  expect(typing.value).toBe(true);
  vi.advanceTimersByTime(1);
  expect(typing.value).toBe(false);
  heard(true);
  heard(false);
  expect(typing.value).toBe(false);
  scope.stop();
});
