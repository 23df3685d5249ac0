import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Database } from './knex.ts';
import { getOrCreateSetting } from './settings-store.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secrets that must be read again (tokens that old dialects sign with, app secrets) unreadable in a dump of
 * their table: AES-256-GCM with the database's own key. `v1.` + base64url of iv, tag, ciphertext.
 */
export interface Sealer {
  /** Reads the key. Before a transaction that seals, so that no transaction waits for a second connection. */
  ready(): Promise<void>;
  seal(text: string): Promise<string>;
  /** @throws Error when it was not sealed with this database's key */
  open(sealed: string): Promise<string>;
}

/** The key is read, or made, on first use. */
export function createSealer(db: Database): Sealer {
  let loaded: Promise<Buffer> | null = null;
  const key = () => {
    loaded ??= loadKey(db).catch((error: unknown) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
  return {
    ready: async () => void (await key()),
    seal: async (text) => seal(await key(), text),
    open: async (sealed) => open(await key(), sealed),
  };
}

async function loadKey(db: Database): Promise<Buffer> {
  const stored = await getOrCreateSetting(db, 'encryption_key', () => randomBytes(32).toString('base64url'));
  return Buffer.from(stored, 'base64url');
}

function seal(key: Buffer, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `v1.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

function open(key: Buffer, sealed: string): string {
  if (!sealed.startsWith('v1.')) throw new Error('A sealed value has an unknown form.');
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}
