import { spawn } from 'node:child_process';
import * as z from 'zod';
import { keepRunning } from '../../pusher-server/src/workers/kept-process.ts';

/** What a server tells its parent when it takes requests. */
const readySchema = z.object({
  type: z.literal('ready'),
  url: z.string(),
  port: z.number(),
  firstRun: z.object({ userName: z.string(), password: z.string() }).optional(),
  installCode: z.string().optional(),
});
export type ReadyMessage = z.infer<typeof readySchema>;

/** A server ended before it was ever ready. With code 1 it has told the person why, and there is nothing to add. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

export interface ChildDescription {
  readonly name: string;
  /** The compiled program. */
  readonly entry: string;
  readonly cwd: string;
  /** Asked at every start: the database may have another address by then. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly onStart: (pid: number) => void;
}

/** A server process that is started again when it dies, until it is stopped. */
export interface ManagedChild {
  /** The first ready message; rejects with StartRefused when there will be none. */
  readonly ready: Promise<ReadyMessage>;
  /** Stops the process gracefully and starts it at once again. */
  restart(): void;
  /** SIGTERM, and SIGKILL when that takes too long; resolves when the process has ended. */
  stop(): Promise<void>;
}

/** Longer than the grace that a server gives its own clients (PUSHER_SHUTDOWN_GRACE_MS, 10 s by default). */
const killAfterMs = 25_000;

/** Starts a server and keeps it running. */
export function startManagedChild(description: ChildDescription): ManagedChild {
  const { name, entry, cwd, env, onStart } = description;
  let ready = false;
  let settle: { resolve: (message: ReadyMessage) => void; reject: (error: Error) => void };
  const firstReady = new Promise<ReadyMessage>((resolve, reject) => (settle = { resolve, reject }));
  // Whoever stops a child before it is ready need not wait for it.
  firstReady.catch(() => undefined);

  const start = () => {
    const child = spawn(process.execPath, ['--enable-source-maps', entry], {
      cwd,
      env: env(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A session of its own: Ctrl-C at the terminal is for us, and we stop the servers in order.
      detached: true,
    });
    if (child.pid !== undefined) onStart(child.pid);
    child.on('message', (message) => {
      const decoded = readySchema.safeParse(message);
      if (!decoded.success) return;
      ready = true;
      settle.resolve(decoded.data);
    });
    child.once('error', (error) => console.error(`${name}: ${error.message}`));
    return child;
  };

  const { restart, stop } = keepRunning({
    spawn: start,
    killAfterMs,
    isFinal: ({ code }) => !ready && code === 1,
    onEnded: ({ code, signal }, delayMs) =>
      console.error(`${name} ended (${signal ?? `code ${code}`}); it is started again in ${delayMs / 1000} s.`),
    onStopped: () => settle.reject(new StartRefused(`${name} ended before it was ready`)),
  });
  return { ready: firstReady, restart, stop };
}
