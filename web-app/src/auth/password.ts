import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

interface Cost {
  /** CPU and memory cost, as a power of two. */
  logN: number;
  r: number;
  p: number;
}

/** 32 MB and some 60 ms a password: too dear to guess, cheap enough to sign in. */
const COST: Cost = { logN: 15, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** What a stored hash may ask for at most: a row is never allowed to exhaust the process. */
const MAX_COST: Cost = { logN: 18, r: 16, p: 4 };

/** scrypt, off the main thread. The parameters stand in the string: `scrypt$15$8$1$<salt>$<key>`, base64url. */
export async function hashPassword(plain: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(plain, salt, COST);
  return ['scrypt', COST.logN, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** False for a wrong password and for a text that is no hash of ours. Constant time. */
export async function verifyPassword(plain: string, hash: string): Promise<boolean> {
  const match = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(hash);
  const [, logN, r, p, salt, key] = match ?? [];
  if (salt === undefined || key === undefined) return false;
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  if (cost.logN < 1 || cost.logN > MAX_COST.logN || cost.r < 1 || cost.r > MAX_COST.r) return false;
  if (cost.p < 1 || cost.p > MAX_COST.p) return false;
  const expected = Buffer.from(key, 'base64url');
  const actual = await derive(plain, Buffer.from(salt, 'base64url'), cost);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(plain: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const N = 2 ** cost.logN;
  const options: ScryptOptions = { N, r: cost.r, p: cost.p, maxmem: 256 * N * cost.r };
  return new Promise((resolve, reject) => {
    // The same password typed on two keyboards may differ in how its letters are composed.
    scrypt(plain.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
