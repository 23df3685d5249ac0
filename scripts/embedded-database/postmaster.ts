import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processStartedAt } from '../process-lock.mjs';
import { loopback, programEnvironment, type Cluster } from './cluster.ts';

/** A running PostgreSQL server, whoever started it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<void>;
}

/** What `postmaster.pid` says (PostgreSQL, src/include/utils/pidfile.h: pid first, port 4th, status 8th line). */
interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

const pollMs = 20;
const watchMs = 250;

function readPidFile(folder: string): PidFile | null {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
  } catch {
    return null;
  }
}

/**
 * The server that already runs on the folder, as soon as it is ready; null when there is none. A pid file that a dead
 * server left behind is removed when its pid has gone to another program, which PostgreSQL would take for the server.
 */
export async function adoptPostmaster(folder: string): Promise<Postmaster | null> {
  for (;;) {
    const file = readPidFile(folder);
    if (file === null || processStartedAt(file.pid) === null) return null;
    if (!isPostgresOn(file.pid, folder)) {
      rmSync(join(folder, 'postmaster.pid'), { force: true });
      return null;
    }
    if (file.status === 'ready') return { pid: file.pid, port: file.port, exited: gone(file.pid) };
    await delay(pollMs);
  }
}

function isPostgresOn(pid: number, folder: string): boolean {
  const command =
    process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ')
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return command.includes('postgres') && command.includes(folder);
}

async function gone(pid: number): Promise<void> {
  const startedAt = processStartedAt(pid);
  while (startedAt !== null && processStartedAt(pid) === startedAt) await delay(watchMs, undefined, { ref: false });
}

/** How a start can fail in a way that another attempt may cure. */
export type StartFailure = { readonly reason: 'port-taken' | 'still-stopping' | 'other'; readonly log: string };

/** Starts a server on the folder; resolves when it takes connections, or to why it does not. */
export async function startPostmaster(cluster: Cluster): Promise<Postmaster | StartFailure> {
  const logStart = statSync(cluster.logFile, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(cluster.logFile, 'a', 0o600);
  const settings = {
    listen_addresses: loopback,
    port: String(cluster.port),
    unix_socket_directories: '',
    max_connections: '200',
    log_min_messages: 'warning',
    ...cluster.settings,
  };
  const child = spawn(
    join(cluster.programs, 'bin', 'postgres'),
    ['-D', cluster.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...cluster.user,
      cwd: '/',
      env: programEnvironment(),
      stdio: ['ignore', log, log],
      // A session of its own: Ctrl-C at the terminal is for us, and we stop it last.
      detached: true,
    },
  );
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let running = true;
  void exited.then(() => (running = false));
  while (running) {
    const file = readPidFile(cluster.folder);
    if (file?.status === 'ready' && file.pid === child.pid) return { pid: file.pid, port: cluster.port, exited };
    await delay(pollMs);
  }
  return describeFailure(readFileSync(cluster.logFile).subarray(logStart).toString('utf8').trim());
}

function describeFailure(log: string): StartFailure {
  if (/could not bind|could not create any TCP\/IP sockets/.test(log)) return { reason: 'port-taken', log };
  if (/pre-existing shared memory block|lock file ".*" already exists/.test(log))
    return { reason: 'still-stopping', log };
  return { reason: 'other', log };
}

const fastStopMs = 20_000;

/** Stops a server: connections are closed, nothing acknowledged is lost. Resolves when it is gone. */
export async function stopPostmaster({ pid, exited }: Postmaster): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one (recovery at the next start).
  signal(pid, 'SIGINT');
  const timer = setTimeout(() => signal(pid, 'SIGQUIT'), fastStopMs);
  await exited;
  clearTimeout(timer);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Gone already: that is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
