import { execFileSync, fork, spawnSync, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
const KEPT_OUTPUT = 20_000;

/** A Node process of the bench's own, with an IPC channel. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** What its `ready` message said beside its type. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** SIGTERM, and SIGKILL when that is not enough; resolves when it has ended. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly words?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
  /** The core that it stays on, where the machine can do that; without, the scheduler moves it about. */
  readonly core?: number | null;
}

/** Where servers and the load generator stay: apart, so that neither is put on the other's core for a while. */
export const SERVER_CORE = 1;
export const LOAD_CORE = 0;

/** `taskset` is part of util-linux, which some systems lack; on one core there is nothing to keep apart. */
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Moves a running process, all its threads, to a core; where that cannot be done the scheduler decides. */
export function moveTo(core: number, pid: number): void {
  if (canPin) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
}

/** Variables of the machine that would change what a server does. */
const OWN_VARIABLES =
  /^(PUSHER_|WEB_|DATABASE_URL$|DATA_DIR$|FILES_DIR$|REDIS_|RATE_LIMITS$|ADMIN_|SESSION_SECRET$|LOG_LEVEL$|NODE_OPTIONS$|PG)/;

/** Starts a program and waits until it says `ready`. Rejects with what it printed when it does not. */
export async function startChild(file: string, options: ChildOptions): Promise<Child> {
  const inherited = Object.entries(process.env).filter(([name]) => !OWN_VARIABLES.test(name));
  const child = fork(file, options.words ?? [], {
    env: { ...Object.fromEntries(inherited), ...options.env },
    ...pinned(options.core ?? null, options.nodeFlags ?? []),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  };
  try {
    const ready = await readyMessage(child, ended, () => printed);
    return { process: child, pid: child.pid ?? 0, ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What `fork` has to start: Node, by way of `taskset` when it is to stay on a core. */
function pinned(core: number | null, nodeFlags: readonly string[]): { execPath?: string; execArgv: string[] } {
  if (core === null || !canPin) return { execArgv: [...nodeFlags] };
  return { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...nodeFlags] };
}

function readyMessage(
  child: ChildProcess,
  ended: Promise<void>,
  printed: () => string,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`${child.spawnargs.join(' ')} ${what}:\n${printed()}`));
    const timer = setTimeout(() => fail('was not ready in time'), READY_TIMEOUT_MS);
    child.once('error', reject);
    child.on('message', (message: unknown) => {
      if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'ready') return;
      clearTimeout(timer);
      resolve({ ...message });
    });
    void ended.then(() => {
      clearTimeout(timer);
      fail('ended before it was ready');
    });
  });
}
