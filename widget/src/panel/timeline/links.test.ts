import { expect, it } from 'vitest';
import { piecesOf } from './links.ts';

const links = (text: string) => piecesOf(text).flatMap(({ href }) => (href === null ? [] : [href]));

it.each([
  ['no address here', []],
  ['see https://a.example/x?y=1&z=2#q.', ['https://a.example/x?y=1&z=2#q']],
  ['详情见https://a.example/商品。谢谢', ['https://a.example/商品']],
  ['（https://a.example）和「http://b.example/」', ['https://a.example', 'http://b.example/']],
  ['(https://a.example/x), then http://b.example!', ['https://a.example/x', 'http://b.example']],
  ['"https://a.example"<https://b.example>', ['https://a.example', 'https://b.example']],
  ['javascript:alert(1) data:text/html,x //a.example', []],
  ['https:// and http://[ are none', []],
])('in %j finds %j', (text, expected) => {
  expect(links(text)).toEqual(expected);
});

it('changes no character of the text', () => {
  const text = ' <b>x</b>\nhttps://a.example/x, y  https://b.example。\n';
  expect(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});
