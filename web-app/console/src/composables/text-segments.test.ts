import { describe, expect, it } from 'vitest';
import { textSegments } from './text-segments.ts';

describe('textSegments', () => {
  it('finds addresses and leaves the sentence around them', () => {
    expect(textSegments('See https://shop.example/a?b=1, please.')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://shop.example/a?b=1', href: 'https://shop.example/a?b=1' },
      { kind: 'text', text: ', please.' },
    ]);
  });

  it('ends an address at Chinese punctuation', () => {
    expect(textSegments('看 http://shop.example/x。谢谢')[1]).toMatchObject({ text: 'http://shop.example/x' });
  });

  it('leaves markup and other schemes as text', () => {
    for (const text of ['<b>bold</b> javascript:alert(1)', 'data:text/html,x', '']) {
      expect(textSegments(text).every(({ kind }) => kind === 'text')).toBe(true);
    }
    expect(textSegments('<a href="http://evil.example">x</a>')[1]).toMatchObject({ text: 'http://evil.example' });
  });
});
