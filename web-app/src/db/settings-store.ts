import type { Database } from './knex.ts';

/**
 * A setting that every process on this database shares, made by the first who asks: of two who ask at once, both get
 * what was stored.
 */
export async function getOrCreateSetting(db: Database, name: string, make: () => string): Promise<string> {
  const found = await readSetting(db, name);
  if (found !== null) return found;
  await db('settings').insert({ name, value: make() }).onConflict('name').ignore();
  const stored = await readSetting(db, name);
  if (stored === null) throw new Error(`The setting ${name} was removed while it was being made.`);
  return stored;
}

/** A setting that the last process to start has decided for all. */
export async function keepSetting(db: Database, name: string, value: string): Promise<void> {
  await db('settings').insert({ name, value }).onConflict('name').merge();
}

/** Null when there is none. */
export async function readSetting(db: Database, name: string): Promise<string | null> {
  const row = await db('settings').where({ name }).first<{ value: string } | undefined>('value');
  return row?.value ?? null;
}

/** False: there was none. Of two who remove it at once, one did. */
export async function removeSetting(db: Database, name: string): Promise<boolean> {
  return (await db('settings').where({ name }).delete()) > 0;
}
