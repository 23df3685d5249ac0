import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHeardTyping, createTypingTeller, type TypingTeller } from './typing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the word that the agent types', () => {
  let said: boolean[];
  let teller: TypingTeller;

  beforeEach(() => {
    said = [];
    teller = createTypingTeller((typing) => said.push(typing));
  });

  it('is said at once, and again only every three seconds', () => {
    for (let key = 0; key < 40; key += 1) {
      teller.pressed(false);
      vi.advanceTimersByTime(100);
    }
    expect(said).toEqual([true, true]);
  });

  it('is taken back when it was sent, emptied, or nothing came for a while', () => {
    teller.pressed(false);
    teller.stop();
    teller.pressed(false);
    teller.pressed(true);
    teller.pressed(false);
    vi.advanceTimersByTime(5000);
    expect(said).toEqual([true, false, true, false, true, false]);
  });

  it('is not taken back when it was never said', () => {
    teller.stop();
    teller.pressed(true);
    expect(said).toEqual([]);
  });
});

it('what was heard of a typing customer is forgotten when nothing more is heard', () => {
  const typing = createHeardTyping();
  typing.heard(1, true);
  vi.advanceTimersByTime(4000);
  typing.heard(1, true);
  typing.heard(2, true);
  typing.heard(2, false);
  vi.advanceTimersByTime(5999);
  expect([typing.isTyping(1), typing.isTyping(2)]).toEqual([true, false]);
  vi.advanceTimersByTime(1);
  expect(typing.isTyping(1)).toBe(false);
});
