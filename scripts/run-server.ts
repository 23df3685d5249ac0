import { join } from 'node:path';
import { defaultApp } from './environment/app-credentials.ts';
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
  const requested = stopRequest(parentPid);
  // pusher-server itself needs none; the app's credentials may lie in the person's own.
  const needsDatabase = name === 'web-app' || env.DATABASE_URL !== undefined;
  const database = needsDatabase ? await useDatabase(env, dataDir) : null;
  try {
    const app = await defaultApp(env, dataDir);
    return await runToTheEnd(join(root, name, 'dist', 'main.js'), requested, {
      ...process.env,
      DATA_DIR: dataDir,
      PUSHER_APP_ID: app.id,
      PUSHER_APP_KEY: app.key,
      PUSHER_APP_SECRET: app.secret,
      ...(database === null ? {} : { DATABASE_URL: database.url }),
    });
  } finally {
    await database?.release();
  }
}
