import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BENCH_APP, RAISED_LIMITS } from '../bench-app.ts';
import type { Target } from '../load/messages.ts';
import { SERVER_CORE, startChild, type Child } from './child-process.ts';

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
  readonly webApp: string;
  /** The live chat's limit. */
  readonly insert: string;
  /** A module for `node --import`. */
  readonly probe: string;
}

export function programsOf(root: string, ours: string | undefined): Programs {
  return {
    ours: ours ?? join(root, 'pusher-server', 'dist', 'main.js'),
    limit: join(root, 'dist', 'bench', 'limit', 'main.js'),
    load: join(root, 'dist', 'bench', 'load', 'main.js'),
    webApp: join(root, 'web-app', 'dist', 'main.js'),
    insert: join(root, 'dist', 'bench', 'limit', 'insert.js'),
    probe: join(root, 'dist', 'bench', 'probe', 'main.js'),
  };
}

/** A heartbeat within a run would be counted as an event; no client is silent that long here. */
const ACTIVITY_TIMEOUT_S = '7200';

/** `nodeFlags` are for both sides alike, whatever they are. */
export interface StartOptions {
  readonly nodeFlags?: readonly string[];
  /** For our server. */
  readonly env?: Readonly<Record<string, string>>;
  /** More of our server's app, such as webhooks. */
  readonly app?: object;
  /** `null`: among several busy processes the scheduler places it better. */
  readonly core?: number | null;
}

export async function startLimit(programs: Programs, { nodeFlags = [] }: StartOptions = {}): Promise<BenchServer> {
  const child = await startChild(programs.limit, { env: {}, nodeFlags, core: SERVER_CORE });
  return { target: targetOf('limit', child), child, stop: () => child.stop() };
}

/** Our server as it is deployed: metrics on, logs on, limits in force. */
export async function startOurs(
  programs: Programs,
  { nodeFlags = [], env = {}, app = {}, core = SERVER_CORE }: StartOptions = {},
): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-bench-'));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  try {
    const apps = join(folder, 'apps.json');
    writeFileSync(apps, JSON.stringify([{ ...BENCH_APP, ...RAISED_LIMITS, ...app }]));
    const child = await startChild(programs.ours, {
      core,
      nodeFlags,
      env: {
        PUSHER_PORT: '0',
        PUSHER_METRICS_PORT: '0',
        PUSHER_APPS_FILE: apps,
        PUSHER_ACTIVITY_TIMEOUT: ACTIVITY_TIMEOUT_S,
        // Nobody is there to be told to go somewhere else.
        PUSHER_SHUTDOWN_GRACE_MS: '0',
        ...env,
      },
    });
    const stop = async () => {
      await child.stop();
      forget();
    };
    return { target: targetOf('pusher', child), child, stop };
  } catch (error) {
    forget();
    throw error;
  }
}

function targetOf(dialect: Target['dialect'], child: Child): Target {
  return { dialect, port: Number(child.ready['port']), pids: [child.pid] };
}
