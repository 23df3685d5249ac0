import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writePrivateFile } from '../environment/data-folder.ts';
import { PlainError } from '../setup/terminal.mjs';
import { databaseName, loopback } from './cluster.ts';

/** What is remembered of the embedded database in `DATA_DIR/database.json` (mode 0600). */
const addressSchema = z.object({
  port: z.number().int(),
  password: z.string().min(1),
  /** PostgreSQL's data folder, which may lie elsewhere (see reachable-folders). */
  folder: z.string().min(1),
});
export type Address = z.infer<typeof addressSchema>;

function addressFile(dataDir: string): string {
  return join(dataDir, 'database.json');
}

/** The remembered address, or null before the first run. */
export function readAddress(dataDir: string): Address | null {
  let text: string;
  try {
    text = readFileSync(addressFile(dataDir), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return addressSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new PlainError(`${addressFile(dataDir)} is damaged: it must hold port, password and folder.`, {
      cause: error,
    });
  }
}

/** Remembers the address. */
export function writeAddress(dataDir: string, address: Address): void {
  writePrivateFile(addressFile(dataDir), `${JSON.stringify(address, null, 2)}\n`);
}

/** A password that needs no escaping in a URL. */
export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** The URL by which knex and others reach the database, or another database of the cluster. */
export function databaseUrl({ port, password }: Pick<Address, 'port' | 'password'>, database = databaseName): string {
  return `postgres://${databaseName}:${password}@${loopback}:${port}/${database}`;
}
