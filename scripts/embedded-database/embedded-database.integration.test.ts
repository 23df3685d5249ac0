import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseUrl, readAddress } from './address.ts';
import { openEmbeddedDatabase } from './open.ts';

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded database', () => {
  let dataDir: string;

  beforeEach(() => {
    // As root, a folder with mode 0700 is one that PostgreSQL's user cannot reach.
    dataDir = mkdtempSync(join(tmpdir(), 'openkefu-db-'));
  });

  afterEach(() => {
    const elsewhere = readAddress(dataDir)?.folder;
    if (elsewhere !== undefined && !elsewhere.startsWith(dataDir)) rmSync(dirname(elsewhere), { recursive: true });
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('is made for a folder that only its owner can enter, durable and on the loopback address alone', async () => {
    const database = await openEmbeddedDatabase(dataDir);
    try {
      expect(database.how).toBe('started');
      const [settings] = await query(
        database.url,
        "SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS listen",
      );
      expect(settings).toEqual({ fsync: 'on', listen: '127.0.0.1' });
      expect(statSync(join(dataDir, 'database.json')).mode & 0o777).toBe(0o600);
    } finally {
      await database.stop();
    }
  });

  test('takes Chinese characters for letters in trigram search and sorts by code point', async () => {
    const database = await openEmbeddedDatabase(dataDir);
    try {
      await query(database.url, 'CREATE EXTENSION pg_trgm');
      const [row] = await query<{ found: number; sorted: string[] }>(
        database.url,
        "SELECT similarity('退货政策', '退货政策说明') > 0.3 AS found, (SELECT array_agg(x ORDER BY x) FROM unnest(array['b','B','a']) x) AS sorted",
      );
      expect(row).toEqual({ found: true, sorted: ['B', 'a', 'b'] });
    } finally {
      await database.stop();
    }
  });

  test('keeps its address and its rows over a stop and a start', async () => {
    const first = await openEmbeddedDatabase(dataDir);
    await query(first.url, 'CREATE TABLE kept (id int)');
    await query(first.url, 'INSERT INTO kept VALUES (1), (2)');
    await first.stop();
    const second = await openEmbeddedDatabase(dataDir);
    try {
      expect(second.url).toBe(first.url);
      expect(await query(second.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }]);
    } finally {
      await second.stop();
    }
  });

  test('keeps every acknowledged row when PostgreSQL is killed with -9', async () => {
    const first = await openEmbeddedDatabase(dataDir);
    await query(first.url, 'CREATE TABLE kept (id int)');
    for (let id = 0; id < 20; id += 1) await query(first.url, `INSERT INTO kept VALUES (${id})`);
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const second = await openEmbeddedDatabase(dataDir);
    try {
      expect(second.how).toBe('started');
      expect(await query(second.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 20 }]);
    } finally {
      await second.stop();
    }
  });

  test('is shared, not started twice, while this process looks after it', async () => {
    const owner = await openEmbeddedDatabase(dataDir);
    const guest = await openEmbeddedDatabase(dataDir);
    expect({ how: guest.how, url: guest.url, pid: guest.pid }).toEqual({
      how: 'shared',
      url: owner.url,
      pid: owner.pid,
    });
    await guest.stop();
    expect(await query(databaseUrl(readAddress(dataDir) ?? { port: 0, password: '' }), 'SELECT 1 AS one')).toEqual([
      { one: 1 },
    ]);
    await owner.stop();
    await guest.exited;
  });
});
