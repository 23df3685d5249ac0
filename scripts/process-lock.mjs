import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A file that says which live process holds something. It appears whole or not at all (a hard link), and the lock of
 * a process that is gone is taken over.
 */

/** When a process started, in the system's own words, or null when there is none: tells a pid from its reuse. */
export function processStartedAt(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command name may hold spaces and brackets; fields are counted from behind it (proc(5): field 22).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : (fields[19] ?? null);
    }
    if (process.platform === 'win32') {
      process.kill(pid, 0);
      return 'running';
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

function readHolder(path) {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(path, 'utf8'));
    return { pid, startedAt };
  } catch {
    return null;
  }
}

function isAlive(holder) {
  return holder !== null && processStartedAt(holder.pid) === holder.startedAt;
}

/** The pid of the live process that holds the lock, or null. */
export function lockHolder(path) {
  const holder = readHolder(path);
  return isAlive(holder) ? holder.pid : null;
}

/** Takes the lock for this process; false when a live process (also this one) holds it. */
export function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, startedAt: processStartedAt(process.pid) }));
  try {
    // Several rounds, since others may be taking over the same stale lock.
    for (let round = 0; round < 5; round += 1) {
      try {
        linkSync(draft, path);
        return true;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = readHolder(path);
      if (isAlive(holder)) return false;
      setAside(path, holder);
    }
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a stale lock by renaming it, which only one process can do; a fresh one caught by mistake is put back. */
function setAside(path, stale) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  const caught = readHolder(aside);
  if (caught?.pid !== stale?.pid || caught?.startedAt !== stale?.startedAt) linkSync(aside, path);
  rmSync(aside, { force: true });
}

/** Gives the lock back if this process holds it. */
export function unlock(path) {
  if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true });
}
