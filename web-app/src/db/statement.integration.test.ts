import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test-support/postgres.ts';
import { openDatabase, type Database } from './knex.ts';
import { run, statement } from './statement.ts';
import { openWork } from './unit-of-work.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase(database.url, { max: 1 });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

test('a name stands for one value, however often; casts and times of day are no names', () => {
  expect(statement('s', `select :a::int, :b, to_char(t, 'HH24:MI:SS') from x where y = :a or z = :bc`)).toEqual({
    name: 's',
    values: ['a', 'b', 'bc'],
    text: `select $1::int, $2, to_char(t, 'HH24:MI:SS') from x where y = $1 or z = $3`,
  });
});

test('a connection keeps it under its name, and knex’s listeners hear of it', async () => {
  const doubled = statement('doubled', 'select cast(:n as int) * 2 as n');
  const heard: unknown[] = [];
  db.on('query', (query) => heard.push(query));
  expect(await run(db, doubled, { n: 2 })).toEqual([{ n: 4 }]);
  expect(await run(db, doubled, { n: 21 })).toEqual([{ n: 42 }]);
  expect(heard).toEqual([2, 21].map((n) => expect.objectContaining({ sql: doubled.text, bindings: [n] }) as unknown));
  const kept = await db.raw<{ rows: { name: string }[] }>('select name from pg_prepared_statements');
  expect(kept.rows).toEqual([{ name: 'doubled' }]);
});

test('inside a transaction it is part of it, and its error ends it', async () => {
  const add = statement('add setting', `insert into settings (name, value) values (:name, '') returning name`);
  const work = openWork(db, { announce: () => undefined });
  const failing = work.transaction(async (inner) => {
    await run(inner.db, add, { name: 'one' });
    await run(inner.db, add, { name: 'one' });
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await run(db, add, { name: 'one' })).toEqual([{ name: 'one' }]);
});

test('a value that is not given is an error, never a null', async () => {
  const needing = statement('needing', 'select cast(:n as int) as n');
  await expect(run(db, needing, {})).rejects.toThrow('was not given n');
  expect(await run(db, needing, { n: null })).toEqual([{ n: null }]);
});
