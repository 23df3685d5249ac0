import { expect, it } from 'vitest';
import type { PendingMessage } from '../timeline/rows.ts';
import { noPendingEntry, pendingEntry, readEntries, visitorEntry } from './saved-entries.ts';

const pending = (clientId: string, at: number): PendingMessage => ({
  clientId,
  text: `text ${clientId}`,
  at,
  state: { kind: 'sending', slow: false },
});

it('reads what it wrote, the messages in the order they were written', () => {
  const visitor = { visitorId: 'w-1', token: 't' };
  const entries = [pendingEntry(pending('b', 2)), visitorEntry(visitor), pendingEntry(pending('a', 1))];
  expect(readEntries([...entries, { key: 'draft', value: 'half a' }])).toEqual({
    visitor,
    draft: 'half a',
    pending: [pending('a', 1), pending('b', 2)],
  });
  expect(noPendingEntry('a')).toEqual({ key: pendingEntry(pending('a', 1)).key, value: '' });
});

it.each(['', '5', 'null', '{', '[]', '"x"', '{"token":5,"text":7,"at":"now"}'])('takes %j for nothing', (value) => {
  const entries = ['visitor', 'pending.a', 'something else'].map((key) => ({ key, value }));
  expect(readEntries(entries)).toEqual({ visitor: null, draft: '', pending: [] });
});
