import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { requireBuilt } from './require-built.ts';
import { templateDatabase } from './template-database.ts';

/** A database of a test file's own: migrated, empty, on the run's cluster. */
export interface TestDatabase {
  readonly url: string;
  /** Drops it, also when connections to it are still open. */
  drop(): Promise<void>;
}

/** Makes a fresh database as a copy of the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  requireBuilt('database');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`);
  const url = new URL(inject('adminDatabaseUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client(inject('adminDatabaseUrl'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
