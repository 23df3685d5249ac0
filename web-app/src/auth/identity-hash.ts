import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a site signed this visitor id: `hash` is the hexadecimal HMAC-SHA256 of the id with the business's identity
 * secret (spec wolive, Who may speak as a visitor). Never true while the business has no secret.
 */
export function verifyIdentityHash(secret: string, uid: string, hash: string): boolean {
  if (secret === '' || !/^[0-9a-f]{64}$/i.test(hash)) return false;
  const expected = createHmac('sha256', secret).update(uid, 'utf8').digest();
  return timingSafeEqual(expected, Buffer.from(hash, 'hex'));
}
