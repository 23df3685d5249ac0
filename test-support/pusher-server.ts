import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireBuilt } from './require-built.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

/** What a client needs to name and sign for an app. */
export interface AppCredentials {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
}

export interface PusherServerProcess extends ServerProcess {
  /** The first of its apps. */
  readonly app: AppCredentials;
}

export interface PusherServerOptions {
  /** Apps in the form of PUSHER_APPS_FILE, credentials at least; the first one's are handed back. */
  readonly apps?: readonly (AppCredentials & Readonly<Record<string, unknown>>)[];
  readonly env?: Readonly<Record<string, string>>;
}

const defaultApp: AppCredentials = { id: 'app-1', key: 'key-1', secret: 'secret-1' };

/** Starts a pusher-server on free ports (WebSocket and REST, metrics). */
export async function startPusherServer({ apps, env = {} }: PusherServerOptions = {}): Promise<PusherServerProcess> {
  requireBuilt('pusher-server');
  const ports = { PUSHER_PORT: '0', PUSHER_METRICS_PORT: '0' };
  if (apps === undefined) {
    const { id, key, secret } = defaultApp;
    const app = { PUSHER_APP_ID: id, PUSHER_APP_KEY: key, PUSHER_APP_SECRET: secret };
    const server = await startServerProcess('pusher-server/dist/main.js', { ...ports, ...app, ...env });
    return { ...server, app: defaultApp };
  }
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-apps-'));
  const file = join(folder, 'apps.json');
  writeFileSync(file, JSON.stringify(apps));
  try {
    const server = await startServerProcess('pusher-server/dist/main.js', { ...ports, PUSHER_APPS_FILE: file, ...env });
    void server.exited.then(() => rmSync(folder, { recursive: true, force: true }));
    return { ...server, app: apps[0] ?? defaultApp };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
