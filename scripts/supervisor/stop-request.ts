import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How often we look whether npm, which started us, is still there; `ps` costs a process each time, `/proc` nothing. */
const lookMs = process.platform === 'linux' ? 200 : 2_000;

/**
 * Resolves when we are to stop: Ctrl-C, SIGTERM, the terminal closed, or, started through npm, npm gone. (A process
 * is not told when its parent is killed with -9; its parent's pid changes.) Later signals change nothing.
 * @param parentPid the parent when this process began
 * @param signals those that ask for it
 */
export function stopRequest(
  parentPid: number,
  signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'],
): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve());
    if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
    // npm starts us through a shell, which may stay between us and npm and outlive it.
    const grandparent = isShell(parentPid) ? parentOf(parentPid) : null;
    const timer = setInterval(() => {
      if (process.ppid === parentPid && (grandparent === null || parentOf(parentPid) === grandparent)) return;
      clearInterval(timer);
      resolve();
    }, lookMs);
    timer.unref();
  });
}

function isShell(pid: number): boolean {
  return /^-?(ba|da|a|z|k)?sh$|^busybox$/.test(describeProcess(pid, 'comm').split('/').at(-1) ?? '');
}

function parentOf(pid: number): number {
  return Number(describeProcess(pid, 'ppid'));
}

/** A process's command name or parent; empty when it is gone. */
function describeProcess(pid: number, what: 'comm' | 'ppid'): string {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', `${what}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
    }
    // proc(5), stat: pid (comm) state ppid …
    const [, comm = '', ppid = ''] = /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return what === 'comm' ? comm : ppid;
  } catch {
    return '';
  }
}
