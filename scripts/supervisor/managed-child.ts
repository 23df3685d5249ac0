import { spawn, type ChildProcess } from 'node:child_process';
import * as z from 'zod';
import { countFailure, delayAfter } from './back-off.ts';

/** What a server tells its parent when it takes requests. */
const readySchema = z.object({
  type: z.literal('ready'),
  url: z.string(),
  port: z.number(),
  firstRun: z.object({ userName: z.string(), password: z.string() }).optional(),
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

type State =
  | { readonly phase: 'running' | 'restarting' | 'stopping'; readonly process: ChildProcess }
  | { readonly phase: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly phase: 'stopped' };

/** Longer than the grace that a server gives its own clients (PUSHER_SHUTDOWN_GRACE_MS, 10 s by default). */
const killAfterMs = 25_000;

/** Starts a server and keeps it running. */
export function startManagedChild(description: ChildDescription): ManagedChild {
  const { name, entry, cwd, env, onStart } = description;
  let state: State = { phase: 'stopped' };
  let failures = 0;
  let ready = false;
  let settle: { resolve: (message: ReadyMessage) => void; reject: (error: Error) => void };
  const firstReady = new Promise<ReadyMessage>((resolve, reject) => (settle = { resolve, reject }));
  // Whoever stops a child before it is ready need not wait for it.
  firstReady.catch(() => undefined);
  const stopped = new Set<() => void>();

  const start = () => {
    const startedAt = Date.now();
    const child = spawn(process.execPath, ['--enable-source-maps', entry], {
      cwd,
      env: env(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A session of its own: Ctrl-C at the terminal is for us, and we stop the servers in order.
      detached: true,
    });
    state = { phase: 'running', process: child };
    if (child.pid !== undefined) onStart(child.pid);
    child.on('message', (message) => {
      const decoded = readySchema.safeParse(message);
      if (!decoded.success) return;
      ready = true;
      settle.resolve(decoded.data);
    });
    child.once('error', (error) => console.error(`${name}: ${error.message}`));
    child.once('exit', (code, signal) => ended(code, signal, Date.now() - startedAt));
  };

  const ended = (code: number | null, signal: NodeJS.Signals | null, ranForMs: number) => {
    if (state.phase === 'restarting') return start();
    if (state.phase === 'stopping' || (!ready && code === 1)) {
      state = { phase: 'stopped' };
      settle.reject(new StartRefused(`${name} ended before it was ready`));
      for (const tell of stopped) tell();
      return;
    }
    failures = countFailure(failures, ranForMs);
    const delayMs = delayAfter(failures);
    console.error(`${name} ended (${signal ?? `code ${code}`}); it is started again in ${delayMs / 1000} s.`);
    state = { phase: 'waiting', timer: setTimeout(start, delayMs) };
  };

  const stop = (): Promise<void> => {
    switch (state.phase) {
      case 'stopped':
        return Promise.resolve();
      case 'waiting':
        clearTimeout(state.timer);
        state = { phase: 'stopped' };
        settle.reject(new StartRefused(`${name} was stopped`));
        return Promise.resolve();
      case 'running':
      case 'restarting':
      case 'stopping': {
        const child = state.process;
        state = { phase: 'stopping', process: child };
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
        return new Promise((resolve) => {
          stopped.add(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    }
  };

  const restart = () => {
    if (state.phase !== 'running') return;
    state = { phase: 'restarting', process: state.process };
    state.process.kill('SIGTERM');
  };

  start();
  return { ready: firstReady, restart, stop };
}
