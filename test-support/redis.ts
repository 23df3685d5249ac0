import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { choosePort } from '../scripts/environment/free-port.ts';
import { findRedisServer } from '../scripts/setup/system-packages.mjs';

/** A real Redis server of a test's own, on a port that it keeps over stops and starts. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
  /** Starts it again on the same port: with its data under `appendonly`, else empty. */
  start(): Promise<void>;
  /** SIGKILL; resolves when it has ended. */
  kill9(): Promise<void>;
  /** `CLIENT PAUSE`: every command of every client waits that long, and connections stay open. */
  pause(ms: number): Promise<void>;
  /** Of the process that runs now. */
  pid(): Promise<number>;
  /** Runs `redis-cli` with these words and answers what it prints. Rejects when that is an error. */
  cli(...words: string[]): Promise<string>;
  /** Stops it for good and removes its data; at the end of a test of one that keeps data, else `stop` is enough. */
  drop(): Promise<void>;
}

export interface RedisOptions {
  /** Keeps its data over a stop or a kill. */
  readonly appendonly?: boolean;
  /** As a node of a Redis Cluster that has yet to be put together. */
  readonly cluster?: boolean;
  /** Further words of the configuration, as `--maxmemory 10mb` on the command line. */
  readonly words?: readonly string[];
}

const startTries = 5;

/** Starts a Redis without persistence on a free loopback port, in a temporary folder. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = findRedisServer();
  if (program === null) throw new Error('No redis-server is on PATH: install redis-server.');
  const folder = join(tmpdir(), `openkefu-redis-${randomBytes(6).toString('hex')}`);
  const keepsFiles = options.appendonly === true || options.cluster === true;
  const [port, first] = await startOnFreePort(program, folder, options);
  let running: ChildProcess | null = first;
  const end = async (signal: NodeJS.Signals) => {
    const child = running;
    running = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    if (!keepsFiles) rmSync(folder, { recursive: true, force: true });
  };
  const cli = (...words: string[]) => redisCli(port, words);
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
    start: async () => {
      await end('SIGTERM');
      running = await startOn(program, folder, port, options);
    },
    pause: async (ms) => {
      await cli('CLIENT', 'PAUSE', String(ms), 'ALL');
    },
    pid: async () => Number(/process_id:(\d+)/.exec(await cli('INFO', 'server'))?.[1]),
    cli,
    drop: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startOnFreePort(
  program: string,
  folder: string,
  options: RedisOptions,
): Promise<readonly [number, ChildProcess]> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort();
    try {
      return [port, await startOn(program, folder, port, options)];
    } catch (error) {
      // Somebody else may have taken the port between our look and Redis's.
      if (attempt === startTries) throw error;
    }
  }
}

/** Resolves when it takes connections. @throws with what it printed when it ends before */
async function startOn(program: string, folder: string, port: number, options: RedisOptions): Promise<ChildProcess> {
  mkdirSync(folder, { recursive: true });
  const cluster = options.cluster === true ? await clusterWords(port) : [];
  const child = spawn(
    program,
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--daemonize', 'no'],
      ...['--appendonly', options.appendonly === true ? 'yes' : 'no'],
      ...cluster,
      ...(options.words ?? []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  endWithUs(child, folder);
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      if (printed.includes('Ready to accept connections')) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${String(code)}:\n${printed}`)));
  });
  return child;
}

/** A test process that is killed runs no code any more; its end of a pipe closes all the same. */
function endWithUs(child: ChildProcess, folder: string): void {
  if (child.pid === undefined) return;
  const stdio: StdioOptions = ['pipe', 'ignore', 'ignore'];
  const clearAway = 'read _; kill -9 "$1"; rm -rf "$2"';
  const watcher = spawn('sh', ['-c', clearAway, 'sh', String(child.pid), folder], { stdio });
  child.once('exit', () => watcher.kill('SIGKILL'));
}

/** The cluster's own port is by default 10,000 above the other, where systems hand out ports for other things. */
async function clusterWords(port: number): Promise<string[]> {
  const words = ['--cluster-enabled', 'yes', '--cluster-config-file', `nodes-${String(port)}.conf`];
  return [...words, '--cluster-port', String(await choosePort()), '--cluster-node-timeout', '2000'];
}

async function redisCli(port: number, words: readonly string[]): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run('redis-cli', ['-e', '-h', '127.0.0.1', '-p', String(port), ...words]);
  return stdout.trimEnd();
}
