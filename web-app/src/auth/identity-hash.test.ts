import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyIdentityHash } from './identity-hash.ts';

describe('a signed visitor id', () => {
  const hash = createHmac('sha256', 'shop-secret').update('用户-1').digest('hex');

  it('is proved by the hexadecimal HMAC of the id', () => {
    expect(verifyIdentityHash('shop-secret', '用户-1', hash)).toBe(true);
    expect(verifyIdentityHash('shop-secret', '用户-1', hash.toUpperCase())).toBe(true);
  });

  it('is refused with another id, another secret, an empty or malformed hash', () => {
    expect(verifyIdentityHash('shop-secret', '用户-2', hash)).toBe(false);
    expect(verifyIdentityHash('other', '用户-1', hash)).toBe(false);
    expect(verifyIdentityHash('shop-secret', '用户-1', '')).toBe(false);
    expect(verifyIdentityHash('shop-secret', '用户-1', 'zz')).toBe(false);
  });

  it('is never proved while the business has no secret', () => {
    expect(verifyIdentityHash('', 'x', createHmac('sha256', '').update('x').digest('hex'))).toBe(false);
  });
});
