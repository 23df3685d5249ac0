import { join } from 'node:path';
import { defaultApp } from './environment/app-credentials.ts';
import { prepareAppStore } from './environment/app-store.ts';
import { dataFolder } from './environment/configuration.ts';
import { useDatabase } from './environment/database.ts';
import { parseServersEnvironment } from './environment/servers-environment.ts';
import { runToTheEnd } from './supervisor/single-run.ts';
import { stopRequest } from './supervisor/stop-request.ts';

export interface RunServerOptions {
  readonly root: string;
  /** The parent when this process began (see stop-request). */
  readonly parentPid: number;
}

/**
 * Runs one of the two servers alone, with the default app of DATA_DIR when the environment names none, and, for
 * web-app without DATABASE_URL, the embedded database.
 * @returns the server's exit code
 */
export async function runServer(
  name: 'pusher-server' | 'web-app',
  { root, parentPid }: RunServerOptions,
): Promise<number> {
  const env = parseServersEnvironment(process.env, [name]);
  const dataDir = dataFolder(env, root);
  // Without a terminal nobody hangs up: SIGHUP then asks the realtime server to read apps and certificates again.
  const reloads = name === 'pusher-server' && !process.stdin.isTTY && !process.stdout.isTTY;
  const requested = stopRequest(parentPid, reloads ? ['SIGINT', 'SIGTERM'] : undefined);
  // pusher-server itself needs none; the app's credentials may lie in the person's own.
  const needsDatabase = name === 'web-app' || env.DATABASE_URL !== undefined;
  const database = needsDatabase ? await useDatabase(env, dataDir) : null;
  try {
    const app = await defaultApp(env, dataDir);
    if (name === 'pusher-server') await prepareAppStore(env, database?.url);
    const variables = {
      ...process.env,
      DATA_DIR: dataDir,
      PUSHER_APP_ID: app.id,
      PUSHER_APP_KEY: app.key,
      PUSHER_APP_SECRET: app.secret,
      ...(database === null ? {} : { DATABASE_URL: database.url }),
    };
    const passedOn = reloads ? (['SIGHUP'] as const) : [];
    return await runToTheEnd(join(root, name, 'dist', 'main.js'), requested, variables, { passedOn });
  } finally {
    await database?.release();
  }
}

/**
 * Lets pusher-server check its configuration. Nothing is made for it: where a start would generate the default app, a
 * name says so.
 * @returns 0, or 1 when the server found faults and has printed them
 */
export function checkPusherServer(root: string): Promise<number> {
  const names = ['PUSHER_APP_ID', 'PUSHER_APP_KEY', 'PUSHER_APP_SECRET', 'PUSHER_APPS_FILE'];
  const isNamed = names.some((name) => (process.env[name] ?? '') !== '');
  const generated = 'generated-and-kept';
  const variables = isNamed
    ? process.env
    : { ...process.env, PUSHER_APP_ID: generated, PUSHER_APP_KEY: generated, PUSHER_APP_SECRET: generated };
  const never = new Promise<void>(() => undefined);
  const entry = join(root, 'pusher-server', 'dist', 'main.js');
  return runToTheEnd(entry, never, variables, { words: ['--check-config'] });
}
