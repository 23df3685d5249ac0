import { fork } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';

/** What a server process tells its parent when it takes requests. */
const readySchema = z.object({
  type: z.literal('ready'),
  url: z.string(),
  port: z.number(),
  metricsPort: z.number().optional(),
  firstRun: z.object({ userName: z.string(), password: z.string() }).optional(),
  installCode: z.string().optional(),
});

/** A server that runs as a process of its own. */
export interface ServerProcess extends Omit<z.infer<typeof readySchema>, 'type'> {
  readonly pid: number;
  /** Everything it has printed so far. */
  output(): string;
  /** SIGTERM; resolves to its exit code when it has ended. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when it has ended. */
  kill9(): Promise<void>;
  /** Any other signal, as SIGSTOP and SIGCONT. */
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<number | null>;
}

const root = join(import.meta.dirname, '..');

/** Variables of the machine that would change what a server does; a test says itself what it wants. */
const ownVariables =
  /^(PUSHER_|WEB_|DATABASE_URL$|DATA_DIR$|FILES_DIR$|REDIS_|RATE_LIMITS$|ADMIN_|SESSION_SECRET$|LOG_LEVEL$|PG)/;

/**
 * Starts `node entry` (relative to the root) with an IPC channel and waits for its ready message.
 * @throws with everything it printed when it ends before it is ready
 */
export async function startServerProcess(entry: string, env: Record<string, string>): Promise<ServerProcess> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ownVariables.test(name)));
  const child = fork(join(root, entry), {
    cwd: root,
    env: { ...inherited, ...env },
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  const keep = (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  // 'close' comes after everything printed has been read, 'exit' may come before.
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));

  const ready = await new Promise<z.infer<typeof readySchema>>((resolve, reject) => {
    child.on('message', (message) => {
      const decoded = readySchema.safeParse(message);
      if (decoded.success) resolve(decoded.data);
    });
    child.once('error', reject);
    void exited.then((code) => reject(new Error(`${entry} ended with ${code} before it was ready:\n${printed}`)));
  });
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  const { type: _type, ...facts } = ready;
  return {
    ...facts,
    pid: child.pid ?? 0,
    output: () => printed,
    stop: () => end('SIGTERM'),
    kill9: async () => {
      await end('SIGKILL');
    },
    signal: (name) => {
      child.kill(name);
    },
    exited,
  };
}
