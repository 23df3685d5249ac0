import { expect, it } from 'vitest';
import { isPicture, pictureNamed } from './picture-rules.ts';

it.each(['', '/a.png', '/files/k/头像.png', 'https://shop.example/a.png?x=1', 'HTTP://shop.example/a.png'])(
  '%j is where a picture may be',
  (address) => {
    expect(isPicture(address)).toBe(true);
  },
);

it.each([
  'a.png',
  '//evil.example/a.png',
  '/\\evil.example/a.png',
  'javascript:alert(1)',
  'data:image/svg+xml,<svg>',
  'https://',
  'https://a b/',
  '/a\u0000.png',
  '/a\n.png',
  'https://shop.example/"onerror="alert(1)',
  "/a.png'onerror='alert(1)",
  '/<script>',
  `/${'x'.repeat(1024)}`,
])('%j is not', (address) => {
  expect(isPicture(address)).toBe(false);
});

it.each([
  ['https://shop.example/a.png', 'https://shop.example/a.png'],
  ['//shop.example/a.png', 'https://shop.example/a.png'],
  ['images/a.png', null],
  ['x" onerror="alert(1)', null],
  [null, null],
])('%j of a visitor is taken as %j', (given, taken) => {
  expect(pictureNamed(given)).toBe(taken);
});
