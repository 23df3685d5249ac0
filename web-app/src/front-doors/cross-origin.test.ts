import { describe, expect, it } from 'vitest';
import { isOwnOrigin, originMatches } from './cross-origin.ts';

describe('which sites may ask', () => {
  it.each([
    ['https://shop.example', 'shop.example', true],
    ['https://shop.example:8443', 'shop.example', true],
    ['https://shop.example:8443', 'shop.example:8443', true],
    ['https://shop.example', 'Shop.Example', true],
    ['https://shop.example', 'https://shop.example', true],
    ['http://shop.example', 'https://shop.example', false],
    ['https://www.shop.example', 'shop.example', false],
    ['https://www.shop.example', '*.shop.example', true],
    ['https://a.b.shop.example', '*.shop.example', true],
    ['https://shop.example', '*.shop.example', false],
    ['https://evilshop.example', '*.shop.example', false],
    ['https://shop.example.evil.test', 'shop.example', false],
    ['https://shop.example.evil.test', '*.shop.example', false],
    ['null', 'shop.example', false],
    ['not an origin', 'shop.example', false],
  ])('A10: %s against %s is %s', (origin, domain, expected) => {
    expect(originMatches(origin, domain)).toBe(expected);
  });

  it('A10: our own pages are those at WEB_URL, and those at the host that was called', () => {
    expect(isOwnOrigin('https://chat.example', '10.0.0.5:3000', 'https://chat.example')).toBe(true);
    expect(isOwnOrigin('http://10.0.0.5:3000', '10.0.0.5:3000', 'https://chat.example')).toBe(true);
    expect(isOwnOrigin('https://other.example', '10.0.0.5:3000', 'https://chat.example')).toBe(false);
    expect(isOwnOrigin('null', '10.0.0.5:3000', 'https://chat.example')).toBe(false);
  });
});
