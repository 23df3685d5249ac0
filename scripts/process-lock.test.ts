import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockHolder, processStartedAt, tryLock, unlock } from './process-lock.mjs';

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openkefu-lock-'));
  lock = join(folder, 'some.lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

function writeLock(pid: number, startedAt: string | null): void {
  writeFileSync(lock, JSON.stringify({ pid, startedAt }));
}

test('is held by one at a time, names its holder, and leaves nothing behind', () => {
  expect(tryLock(lock)).toBe(true);
  expect(lockHolder(lock)).toBe(process.pid);
  expect(tryLock(lock)).toBe(false);
  unlock(lock);
  expect(lockHolder(lock)).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});

test('of a process that has ended is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  writeLock(pid, processStartedAt(pid));
  expect(tryLock(lock)).toBe(false);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(tryLock(lock)).toBe(true);
});

test('of a process whose pid has gone to another one is taken over', () => {
  writeLock(process.ppid, 'another time');
  expect(tryLock(lock)).toBe(true);
});

test('that is damaged is taken over', () => {
  writeFileSync(lock, '{');
  expect(tryLock(lock)).toBe(true);
});

test('of another process is not given back by this one', () => {
  writeLock(process.ppid, processStartedAt(process.ppid));
  unlock(lock);
  expect(lockHolder(lock)).toBe(process.ppid);
});
