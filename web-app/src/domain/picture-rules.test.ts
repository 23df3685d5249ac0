import { expect, it } from 'vitest';
import { isPicture } from './picture-rules.ts';

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
  `/${'x'.repeat(1024)}`,
])('%j is not', (address) => {
  expect(isPicture(address)).toBe(false);
});
