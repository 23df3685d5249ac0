import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { processStartedAt } from '../scripts/process-lock.mjs';
import { startCommand, type StartedCommand } from '../test-support/start-command.ts';

const freePorts = { WEB_PORT: '0', PUSHER_PORT: '0', PUSHER_METRICS_PORT: '', DATABASE_URL: '' };
const ready = /Realtime endpoint .*:\s+(\S+)/;

function makeDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-start-'));
  // PostgreSQL's own user must get through when we are root.
  chmodSync(folder, 0o711);
  return folder;
}

function npmStart(dataDir: string, env: Record<string, string> = {}): StartedCommand {
  return startCommand(process.execPath, ['scripts/start.mjs'], { ...freePorts, DATA_DIR: dataDir, ...env });
}

function printed(command: StartedCommand, label: string): string {
  return command.stdout().match(new RegExp(`${label} .*:\\s+(\\S+)`))?.[1] ?? '';
}

async function isReady(url: string): Promise<boolean> {
  return fetch(new URL('/ready', url)).then(
    ({ status }) => status === 200,
    () => false,
  );
}

function becomesReady(url: string): Promise<void> {
  return vi.waitFor(async () => expect(await isReady(url)).toBe(true), { timeout: 15_000, interval: 50 });
}

/** The pid of a server process, as the supervisor has noted it. */
function serverPid(dataDir: string, wanted: string): number {
  const noted = JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8')) as { name: string; pid: number }[];
  return noted.find(({ name, pid }) => name === wanted && processStartedAt(pid) !== null)?.pid ?? 0;
}

function allPids(dataDir: string): number[] {
  return [serverPid(dataDir, 'web-app'), serverPid(dataDir, 'pusher-server'), databasePid(dataDir)];
}

function databasePid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'db', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

function isGone(pid: number): Promise<void> {
  return vi.waitFor(() => expect(processStartedAt(pid)).toBeNull(), { timeout: 15_000, interval: 20 });
}

/** What is refused is refused in one plain sentence: no stack, no log line, nothing else on stderr. */
function oneSentence(command: StartedCommand): string {
  const lines = command.stderr().trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/^\s+at |Error:|\{/);
  return lines[0] ?? '';
}

describe('npm start, running', () => {
  const dataDir = makeDataDir();
  let running: StartedCommand;
  let web: string;
  let realtime: string;

  beforeAll(async () => {
    running = npmStart(dataDir);
    const [, endpoint = ''] = await running.until(ready);
    realtime = endpoint.replace('ws://', 'http://');
    web = printed(running, 'Demo page');
  });

  afterAll(async () => {
    running.signal('SIGTERM');
    await running.exited;
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('prints demo page, console, realtime endpoint and, the first time, the administrator', async () => {
    expect(web).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/demo$/);
    expect(printed(running, 'Agent console')).toBe(web.replace('/demo', '/console/'));
    expect(realtime).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/app\/\w+$/);
    expect(printed(running, 'Password')).toMatch(/^\S{8,}$/);
    expect(running.stdout()).toMatch(/^ {2}http:\/\/127\.0\.0\.1:\d+\/install\?code=[a-z2-9]{20}$/m);
    expect(await isReady(web)).toBe(true);
    expect(await isReady(realtime)).toBe(true);
    expect((await fetch(web)).status).toBe(200);
  });

  test('a second start on the same folder is refused, and the first goes on', async () => {
    const second = npmStart(dataDir);
    expect(await second.exited).toBe(1);
    expect(oneSentence(second)).toBe(
      `OpenKefu already runs on ${dataDir} (process ${running.pid}): stop it first, or set another DATA_DIR.`,
    );
    expect(await isReady(web)).toBe(true);
  });

  test.each(['pusher-server', 'web-app'])('%s, killed with -9, is started again on its port', async (name) => {
    const pid = serverPid(dataDir, name);
    running.forget();
    process.kill(pid, 'SIGKILL');
    await running.until(new RegExp(`${name} ended \\(SIGKILL\\)`));
    await becomesReady(name === 'web-app' ? web : realtime);
    expect(serverPid(dataDir, name)).not.toBe(pid);
  });

  test('the database, killed with -9, is started again, and web-app finds it', async () => {
    const pid = databasePid(dataDir);
    process.kill(pid, 'SIGKILL');
    await isGone(pid);
    await becomesReady(web);
    expect(databasePid(dataDir)).not.toBe(pid);
  });

  test('killed with -9, its servers end; the next start adopts the database and is quiet about the password', async () => {
    const [webApp = 0, pusherServer = 0, database = 0] = allPids(dataDir);
    running.signal('SIGKILL');
    await Promise.all([webApp, pusherServer].map(isGone));
    expect(processStartedAt(database)).not.toBeNull();

    running = npmStart(dataDir);
    await running.until(ready);
    expect(databasePid(dataDir)).toBe(database);
    expect(running.stdout()).not.toContain('Password');
  });

  test('SIGTERM stops web-app, pusher-server and the database, and it exits with 0', async () => {
    const pids = allPids(dataDir);
    running.signal('SIGTERM');
    expect(await running.exited).toBe(0);
    for (const pid of pids) expect(processStartedAt(pid)).toBeNull();
    expect(existsSync(join(dataDir, 'openkefu.lock'))).toBe(false);
  });
});

describe('npm start, refused', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = makeDataDir();
  });

  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  test.each(['WEB_PORT', 'PUSHER_PORT'])('a taken %s is one plain sentence and exit 1', async (variable) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const port = String((holder.address() as AddressInfo).port);
    try {
      const refused = npmStart(dataDir, { [variable]: port });
      expect(await refused.exited).toBe(1);
      expect(oneSentence(refused)).toBe(
        `Port ${port} on 127.0.0.1 is taken by another program: free it or set ${variable}.`,
      );
      expect(readdirSync(dataDir)).toEqual([]);
    } finally {
      holder.close();
    }
  });

  test('bad variables are one line each', async () => {
    const refused = npmStart(dataDir, { WEB_PORT: 'eighty', PUSHER_PORT: '70000' });
    expect(await refused.exited).toBe(1);
    expect(refused.stderr()).toBe(
      'PUSHER_PORT must be a port number from 0 to 65535\nWEB_PORT must be a port number from 0 to 65535\n',
    );
  });

  test('a DATABASE_URL where nothing answers is one plain sentence and exit 1', async () => {
    const refused = npmStart(dataDir, { DATABASE_URL: 'postgres://someone:secret-word@127.0.0.1:1/kefu' });
    expect(await refused.exited).toBe(1);
    expect(oneSentence(refused)).toBe('DATABASE_URL: nothing answers at 127.0.0.1:1 (ECONNREFUSED).');
  });

  test('a DATABASE_URL with a wrong password is one plain sentence without it, and exit 1', async () => {
    const url = new URL(inject('adminDatabaseUrl'));
    url.password = 'not-the-password';
    const refused = npmStart(dataDir, { DATABASE_URL: url.href });
    expect(await refused.exited).toBe(1);
    expect(oneSentence(refused)).toBe(
      `DATABASE_URL: PostgreSQL at ${url.host} does not let this user in with this password.`,
    );
  });
});

describe('npm start, through npm', () => {
  test('SIGTERM to npm stops everything, and npm exits with 0', async () => {
    const dataDir = makeDataDir();
    const npm = startCommand('npm', ['start'], { ...freePorts, DATA_DIR: dataDir });
    await npm.until(ready);
    const pids = allPids(dataDir);
    npm.signal('SIGTERM');
    expect(await npm.exited).toBe(0);
    for (const pid of pids) expect(processStartedAt(pid)).toBeNull();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('when npm is killed with -9, everything stops', async () => {
    const dataDir = makeDataDir();
    const npm = startCommand('npm', ['start'], { ...freePorts, DATA_DIR: dataDir });
    await npm.until(ready);
    const pids = allPids(dataDir);
    npm.signal('SIGKILL');
    await Promise.all(pids.map(isGone));
    rmSync(dataDir, { recursive: true, force: true });
  });
});
