import { expect, test } from 'vitest';
import type { NewMessage } from '../services.ts';
import { checkMessage, TEXT_CHARACTERS } from './message-rules.ts';

function saying(words: string, clientId: string | null = null): NewMessage {
  return { clientId, body: { type: 'text', content: { text: words } }, page: null };
}

test('a text stays as it was written', () => {
  const words = '  两行\n<b>not markup</b>  ';
  expect(checkMessage(saying(words)).body.content).toEqual({ text: words });
});

test('10,000 characters are counted as people do: an emoji is one', () => {
  expect(() => checkMessage(saying('🙂'.repeat(TEXT_CHARACTERS)))).not.toThrow();
  expect(() => checkMessage(saying('🙂'.repeat(TEXT_CHARACTERS + 1)))).toThrow(
    expect.objectContaining({ code: 'too_long' }) as Error,
  );
});

test.each([[''], ['   \n\t ']])('%j is empty', (words) => {
  expect(() => checkMessage(saying(words))).toThrow(expect.objectContaining({ code: 'empty_message' }) as Error);
});

test('half a surrogate pair, which JSON in the database refuses, becomes a replacement character', () => {
  expect(checkMessage(saying('a\ud83db')).body.content).toEqual({ text: 'a\uFFFDb' });
});

test('a zero character cannot be stored', () => {
  expect(() => checkMessage(saying('a\u0000b'))).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
});

test.each([[''], ['x'.repeat(101)], ['a\u0000']])('the clientId %j is refused', (clientId) => {
  expect(() => checkMessage(saying('hello', clientId))).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
});
