import { join } from 'node:path';
import { BENCH_APP } from '../bench-app.ts';
import type { Target } from '../load/messages.ts';
import { startChild, type Child } from './child-process.ts';

/** A server that is measured, whichever it is. */
export interface BenchServer {
  readonly target: Target;
  readonly child: Child;
  stop(): Promise<void>;
}

/** Where the built programs lie. */
export interface Programs {
  readonly ours: string;
  readonly limit: string;
  readonly load: string;
}

export function programsOf(root: string, ours: string | undefined): Programs {
  return {
    ours: ours ?? join(root, 'pusher-server', 'dist', 'main.js'),
    limit: join(root, 'dist', 'bench', 'limit', 'main.js'),
    load: join(root, 'dist', 'bench', 'load', 'main.js'),
  };
}

/** The same for both, whatever they are. */
const NODE_FLAGS: readonly string[] = [];

/** A heartbeat within a run would be counted as an event; no client is silent that long here. */
const ACTIVITY_TIMEOUT_S = '7200';

export function startLimit(programs: Programs): Promise<BenchServer> {
  return start(programs.limit, 'limit', {});
}

/** Our server as it is deployed: metrics on, logs on, its limits in force. */
export function startOurs(programs: Programs, env: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  return start(programs.ours, 'pusher', {
    PUSHER_PORT: '0',
    PUSHER_METRICS_PORT: '0',
    PUSHER_APP_ID: BENCH_APP.id,
    PUSHER_APP_KEY: BENCH_APP.key,
    PUSHER_APP_SECRET: BENCH_APP.secret,
    PUSHER_ACTIVITY_TIMEOUT: ACTIVITY_TIMEOUT_S,
    // Nobody is there to be told to go somewhere else.
    PUSHER_SHUTDOWN_GRACE_MS: '0',
    ...env,
  });
}

async function start(
  file: string,
  dialect: Target['dialect'],
  env: Readonly<Record<string, string>>,
): Promise<BenchServer> {
  const child = await startChild(file, { env, nodeFlags: NODE_FLAGS });
  const port = Number(child.ready['port']);
  return { target: { dialect, port, pids: [child.pid] }, child, stop: () => child.stop() };
}
