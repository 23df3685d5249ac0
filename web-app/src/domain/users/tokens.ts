import { createHash, randomBytes } from 'node:crypto';

/** 256 bits in base64url: 43 characters. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is looked up by: SHA-256 suffices for what has 256 bits of its own. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
