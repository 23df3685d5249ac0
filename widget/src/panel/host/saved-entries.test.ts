import { expect, it } from 'vitest';
import type { PendingMessage } from '../timeline/rows.ts';
import { noPendingEntry, pendingEntry, readEntries, visitorEntry } from './saved-entries.ts';

const pending = (clientId: string, at: number): PendingMessage => ({
  clientId,
  body: { type: 'text', content: { text: `text ${clientId}` } },
  file: null,
  at,
  afterSeq: 0,
  state: { kind: 'sending', slow: false },
});

it('reads what it wrote, the messages in the order they were written', () => {
  const visitor = { visitorId: 'w-1', token: 't' };
  const kept = ['b', 'a'].map((clientId, index) => pendingEntry(pending(clientId, 2 - index)));
  const entries = [...kept.filter((entry) => entry !== null), visitorEntry(visitor)];
  expect(readEntries([...entries, { key: 'draft', value: 'half a' }])).toEqual({
    visitor,
    draft: 'half a',
    sound: true,
    pending: [pending('a', 1), pending('b', 2)],
  });
  expect(noPendingEntry('a')).toEqual({ key: kept[1]?.key, value: '' });
});

it.each(['', '5', 'null', '{', '[]', '"x"', '{"token":5,"text":7,"at":"now"}'])('takes %j for nothing', (value) => {
  const entries = ['visitor', 'pending.a', 'something else'].map((key) => ({ key, value }));
  expect(readEntries(entries)).toEqual({ visitor: null, draft: '', sound: true, pending: [] });
});

it('remembers that the visitor wants no sound, and keeps no file', () => {
  expect(readEntries([{ key: 'sound', value: 'off' }]).sound).toBe(false);
  const content = { key: '', url: 'blob:1', name: 'a.zip', size: 1 };
  expect(pendingEntry({ ...pending('a', 1), body: { type: 'file', content } })).toBeNull();
});
