import { describe, expect, it } from 'vitest';
import { frameAncestors } from './security-headers.ts';

describe('who may frame the panel', () => {
  it('is anybody while the business names no domains', () => {
    expect(frameAncestors([])).toEqual(['*']);
  });

  it('is the domains that it names, and our own pages', () => {
    expect(frameAncestors(['shop.example', '*.wide.example', 'https://a.example:8443'])).toEqual([
      "'self'",
      'shop.example',
      '*.wide.example',
      'https://a.example:8443',
    ]);
  });

  it('is nobody by an entry that is no host', () => {
    expect(frameAncestors(["x; script-src 'unsafe-inline'", '*', 'a b', 'javascript:x'])).toEqual(["'self'"]);
  });
});
