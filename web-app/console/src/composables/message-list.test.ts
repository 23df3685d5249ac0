import { describe, expect, it } from 'vitest';
import { message } from './sample-data.ts';
import { lastSeqOf, mergeMessages, missingAfter, olderThan } from './message-list.ts';

const seqs = (messages: readonly { seq: number }[]) => messages.map(({ seq }) => seq);

describe('mergeMessages', () => {
  it('orders by seq whatever the order of arrival', () => {
    expect(seqs(mergeMessages([message(2), message(5)], [message(4), message(1), message(3)]))).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  it('holds each message once, also when one delivery brings it twice', () => {
    expect(seqs(mergeMessages([message(1)], [message(2), message(1), message(2)]))).toEqual([1, 2]);
  });

  it('answers the same array when nothing is new, so that nothing is drawn again', () => {
    const known = [message(1), message(2)];
    expect(mergeMessages(known, [message(2)])).toBe(known);
  });
});

describe('missingAfter', () => {
  it('finds a hole in the middle before a gap at the end', () => {
    expect(missingAfter([message(3), message(4), message(7)], 9)).toBe(4);
  });

  it('finds what is missing at the end', () => {
    expect(missingAfter([message(3), message(4)], 6)).toBe(4);
    expect(missingAfter([], 2)).toBe(0);
  });

  it('is null when all is there, and does not count what is older than the first one held', () => {
    expect(missingAfter([message(3), message(4)], 4)).toBeNull();
    expect(missingAfter([], 0)).toBeNull();
  });
});

describe('olderThan and lastSeqOf', () => {
  it('tell the edges of what is held', () => {
    expect(olderThan([message(3), message(4)])).toBe(3);
    expect(olderThan([message(1)])).toBeNull();
    expect(olderThan([])).toBeNull();
    expect(lastSeqOf([message(1), message(2)])).toBe(2);
    expect(lastSeqOf([])).toBe(0);
  });
});
