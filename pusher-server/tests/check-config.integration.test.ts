import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test-support/postgres.ts';
import { startPusherServer } from '../../test-support/pusher-server.ts';
import { startCommand } from '../../test-support/start-command.ts';

const nothingNamed = {
  PUSHER_APP_ID: '',
  PUSHER_APP_KEY: '',
  PUSHER_APP_SECRET: '',
  PUSHER_APPS_FILE: '',
  PUSHER_APP_STORE: '',
  DATABASE_URL: '',
};

describe('npm run pusher-server -- --check-config', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'openkefu-check-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What it printed and its exit code. */
  const check = async (env: Record<string, string>, words = ['--check-config']) => {
    const variables = { ...nothingNamed, DATA_DIR: join(folder, 'data'), ...env };
    const command = startCommand(process.execPath, ['scripts/run.mjs', 'pusher-server', ...words], variables);
    const code = await command.exited;
    return { code, out: command.stdout(), faults: command.stderr().trim().split('\n') };
  };

  it('L23: prints what it would run with, starts and makes nothing', async () => {
    const { code, out } = await check({ PUSHER_PORT: '7001', PUSHER_TLS_PASSPHRASE: '' });
    expect(code).toBe(0);
    expect(out).toMatch(/^PUSHER_PORT=7001$/m);
    expect(out).toMatch(/^app \{"id":"generated-and-kept"/m);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('L23, K20: a Redis that cannot be reached is a fault', async () => {
    const { code, faults } = await check({ REDIS_URL: 'redis://ann:topsecret@127.0.0.1:1/0' });
    expect(code).toBe(1);
    expect(faults).toEqual(['REDIS_URL: cannot be reached: connect ECONNREFUSED 127.0.0.1:1']);
  });

  it('L23: a taken port is no fault: the server that has it may be the one that is checked', async () => {
    const running = await startPusherServer();
    expect((await check({ PUSHER_PORT: String(running.port) })).code).toBe(0);
    await running.stop();
  });

  it('L23, A1: one line for each fault on standard error, and exit code 1', async () => {
    const file = join(folder, 'apps.json');
    const app = { id: 'a', key: 'k', secret: 'topsecret' };
    writeFileSync(
      file,
      JSON.stringify([
        { ...app, maxConections: 1 },
        { ...app, enabled: 'yes' },
      ]),
    );
    const apps = await check({ PUSHER_APPS_FILE: file, PUSHER_TLS_CERT_FILE: join(folder, 'none.crt') });
    expect(apps.code).toBe(1);
    expect(apps.faults).toEqual([
      'PUSHER_TLS_CERT_FILE and PUSHER_TLS_KEY_FILE must both be set, or neither',
      'PUSHER_APPS_FILE: app a: unknown field maxConections',
      expect.stringMatching(/^PUSHER_APPS_FILE: app a: enabled: /) as string,
    ]);
    const variables = await check({ PUSHER_PORT: 'x', LOG_LEVEL: 'loud', PUSHER_PONG_TIMEOUT: '-1' });
    expect([variables.code, variables.faults.length]).toEqual([1, 3]);
    expect((await check({}, ['--chek-config'])).faults[0]).toContain('Unknown argument: --chek-config');
  });

  it('L23, A5: reads the database too', async () => {
    const database = await createTestDatabase();
    const db = new pg.Client(database.url);
    await db.connect();
    await db.query("insert into apps (id, key, secret) values ('a', 'k', 's'), ('b', 'l', 's')");
    const env = { PUSHER_APP_STORE: 'database', DATABASE_URL: database.url };
    const good = await check(env);
    expect([good.code, good.faults]).toEqual([0, ['']]);
    expect(good.out).toMatch(/^2 apps in table apps$/m);
    await db.query(`update apps set webhooks = '{}' where id = 'b'`);
    const bad = await check(env);
    expect([bad.code, bad.faults]).toEqual([1, [expect.stringMatching(/^DATABASE_URL: app b: webhooks: /) as string]]);
    await db.end();
    await database.drop();
    const away = await check({ ...env, DATABASE_URL: 'postgres://ann:topsecret@127.0.0.1:1/x' });
    expect([away.code, away.faults.length]).toEqual([1, 1]);
    expect(away.out + away.faults.join('\n')).not.toContain('topsecret');
  });
});

it('L24: tells what memory is used, on both ports', async () => {
  const server = await startPusherServer();
  for (const port of [server.port, server.metricsPort ?? 0]) {
    const answer = await fetch(`http://127.0.0.1:${String(port)}/usage`);
    const { memory } = (await answer.json()) as { memory: Record<'free' | 'used' | 'total' | 'percent', number> };
    expect(memory.used).toBeGreaterThan(1_000_000);
    expect(memory.free + memory.used).toBe(memory.total);
    expect(memory.percent).toBeCloseTo((100 * memory.used) / memory.total);
  }
  await server.stop();
});

it('A2: SIGHUP to npm run pusher-server is passed on where there is no terminal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-hup-'));
  const ports = { PUSHER_PORT: '0', PUSHER_METRICS_PORT: '0' };
  const variables = { ...nothingNamed, ...ports, DATA_DIR: folder };
  const command = startCommand(process.execPath, ['scripts/run.mjs', 'pusher-server'], variables);
  await command.until(/"msg":"ready"/);
  command.signal('SIGHUP');
  await command.until(/"msg":"reloading"/);
  command.signal('SIGTERM');
  expect(await command.exited).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});
