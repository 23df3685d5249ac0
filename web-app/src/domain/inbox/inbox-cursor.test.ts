import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './inbox-cursor.ts';

test('a cursor comes back as it went', () => {
  const cursor = { at: '2026-11-22T10:11:12.123456Z', id: 42 };
  expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
});

const forged = (text: string) => Buffer.from(text).toString('base64url');

test.each([
  ['what nobody gave'],
  [''],
  [forged('2026-11-22T10:11:12.123456Z')],
  [forged('2026-11-22T10:11:12.123456Z -1')],
  [forged('2026-11-22T10:11:12.123456Z 1 2')],
  [forged('2026-13-99T10:11:12.123456Z 1')],
  [forged("2026-11-22T10:11:12.123456Z'; drop table users 1")],
])('%j is refused', (text) => {
  expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
});
