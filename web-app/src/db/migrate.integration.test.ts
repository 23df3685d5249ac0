import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { inject } from 'vitest';
import { createTestDatabase } from '../../../test-support/postgres.ts';
import type { TestDatabase } from '../../../test-support/postgres.ts';
import { openDatabase } from './knex.ts';
import type { Database } from './knex.ts';
import { migrate } from './migrate.ts';
import { migrationSource } from './migrations/index.ts';
import { createSealer } from './sealing.ts';
import { getOrCreateSetting } from './settings-store.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

async function applied(): Promise<string[]> {
  const rows = await db('knex_migrations').orderBy('id').select<{ name: string }[]>('name');
  return rows.map((row) => row.name);
}

/** As released; what is added comes after them. */
const released = ['0001_people', '0002_conversations', '0003_outbox', '0004_sessions', '0005_sites', '0006_apps'];
const all = (await migrationSource.getMigrations([])).map((step) => step.name);

test('migrations go by their names, without extensions, and running them again does nothing', async () => {
  expect(await applied()).toEqual(all);
  expect(all.slice(0, released.length)).toEqual(released);
  await migrate(db);
  expect(await applied()).toEqual(all);
});

test('eight processes that migrate an empty database at once do it once', async () => {
  const admin = new pg.Client(inject('adminDatabaseUrl'));
  await admin.connect();
  await admin.query('create database migrate_at_once');
  const url = new URL(inject('adminDatabaseUrl'));
  url.pathname = '/migrate_at_once';
  const processes = Array.from({ length: 8 }, () => openDatabase(url.href, { max: 2 }));
  try {
    await Promise.all(processes.map((one) => migrate(one)));
    const rows = await processes[0]?.('knex_migrations').select('name');
    expect(rows).toHaveLength(all.length);
    expect(await processes[1]?.('relay_lanes').select('lane')).toHaveLength(32);
  } finally {
    await Promise.all(processes.map((one) => one.destroy()));
    await admin.query('drop database migrate_at_once with (force)');
    await admin.end();
  }
});

test('the lock row that a killed knex left behind is freed', async () => {
  await db('knex_migrations_lock').update({ is_locked: 1 });
  await migrate(db);
  expect(await db('knex_migrations_lock').select('is_locked')).toEqual([{ is_locked: 0 }]);
});

test('int8 is a number, and so is each of an array of them', async () => {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 9007199254740991::bigint as one, '{1,2}'::bigint[] as more, '{}'::bigint[] as none`,
  );
  expect(rows).toEqual([{ one: Number.MAX_SAFE_INTEGER, more: [1, 2], none: [] }]);
});

test('a setting is made once, whoever asks at once', async () => {
  let made = 0;
  const values = await Promise.all(
    Array.from({ length: 10 }, () => getOrCreateSetting(db, 'test_setting', () => `value ${(made += 1)}`)),
  );
  expect(new Set(values).size).toBe(1);
});

test('what is sealed opens on the same database, in another process too, and not when tampered with', async () => {
  const sealed = await createSealer(db).seal('令牌 token');
  expect(sealed).not.toContain('token');
  expect(await createSealer(db).open(sealed)).toBe('令牌 token');
  const tampered = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
  await expect(createSealer(db).open(tampered)).rejects.toThrow();
});
