import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyBootstrapFile } from '../web-app/src/bootstrap.ts';
import { choosePort } from '../scripts/environment/free-port.ts';
import { openDatabaseOfItsOwn, type KillableDatabase } from './killable-database.ts';
import { createTestDatabase } from './postgres.ts';
import { startPusherServer, type AppCredentials, type PusherServerProcess } from './pusher-server.ts';
import { requireBuilt } from './require-built.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

type Environment = Readonly<Record<string, string>>;

export interface StackOptions {
  /** A bootstrap file's content, applied before web-app starts. */
  readonly bootstrap?: object;
  /** For both servers. */
  readonly env?: Environment;
  readonly webEnv?: Environment;
  readonly pusherEnv?: Environment;
  /** A PostgreSQL of its own, which can be killed, in place of a database on the run's cluster. */
  readonly ownPostgres?: boolean;
}

/** The whole product: pusher-server and web-app as processes, joined as `npm start` joins them, on a fresh database. */
export interface Stack {
  readonly webUrl: string;
  readonly databaseUrl: string;
  readonly app: AppCredentials;
  /** The processes as they are now; after a restart these are the new ones, on the same ports. */
  readonly pusher: PusherServerProcess;
  readonly web: ServerProcess;
  killPusher9(): Promise<void>;
  killWeb9(): Promise<void>;
  /** Only with `ownPostgres`. */
  killDatabase9(): Promise<void>;
  /** Starts it again (stopping it first if it runs); resolves when it is ready. */
  restartPusher(): Promise<void>;
  restartWeb(): Promise<void>;
  restartDatabase(): Promise<void>;
  stop(): Promise<void>;
}

const app: AppCredentials = { id: 'app-1', key: 'key-1', secret: 'secret-1' };
const noOwnPostgres = () => Promise.reject(new Error('this stack was started without ownPostgres'));

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  requireBuilt('web-app', 'pusher-server', 'database');
  const database = options.ownPostgres ? await openDatabaseOfItsOwn() : await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-stack-'));
  const dispose = async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return await startOn(database, folder, options, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function startOn(
  database: { readonly url: string } | KillableDatabase,
  folder: string,
  { bootstrap, env, webEnv, pusherEnv }: StackOptions,
  dispose: () => Promise<void>,
): Promise<Stack> {
  if (bootstrap !== undefined) await applyBootstrap(database.url, folder, bootstrap);
  const [pusherPort, webPort] = [String(await choosePort()), String(await choosePort())];
  const webUrl = `http://127.0.0.1:${webPort}`;

  const startPusher = () => {
    const webhooks = JSON.stringify([{ url: `${webUrl}/admin/event`, dialect: 'wolive' }]);
    return startPusherServer({
      // web-app stops first, and nobody takes the last webhooks: no need to try for the default ten seconds.
      env: {
        PUSHER_PORT: pusherPort,
        PUSHER_APP_WEBHOOKS: webhooks,
        PUSHER_SHUTDOWN_GRACE_MS: '500',
        ...env,
        ...pusherEnv,
      },
    });
  };
  const startWeb = () =>
    startServerProcess('web-app/dist/main.js', {
      DATABASE_URL: database.url,
      DATA_DIR: folder,
      PUSHER_PORT: pusherPort,
      PUSHER_APP_ID: app.id,
      PUSHER_APP_KEY: app.key,
      PUSHER_APP_SECRET: app.secret,
      WEB_PORT: webPort,
      RATE_LIMITS: 'off',
      ...env,
      ...webEnv,
    });

  let pusher = await startPusher();
  let web: ServerProcess;
  try {
    web = await startWeb();
  } catch (error) {
    await pusher.stop();
    throw error;
  }
  const killable = 'kill9' in database ? database : null;
  return {
    webUrl,
    databaseUrl: database.url,
    app,
    get pusher() {
      return pusher;
    },
    get web() {
      return web;
    },
    killPusher9: () => pusher.kill9(),
    killWeb9: () => web.kill9(),
    killDatabase9: killable === null ? noOwnPostgres : () => killable.kill9(),
    restartPusher: async () => {
      await pusher.stop();
      pusher = await startPusher();
    },
    restartWeb: async () => {
      await web.stop();
      web = await startWeb();
    },
    restartDatabase: killable === null ? noOwnPostgres : () => killable.restart(),
    stop: async () => {
      await web.stop();
      await pusher.stop();
      await dispose();
    },
  };
}

async function applyBootstrap(databaseUrl: string, folder: string, bootstrap: object): Promise<void> {
  const file = join(folder, 'bootstrap.json');
  writeFileSync(file, JSON.stringify(bootstrap));
  await applyBootstrapFile(databaseUrl, file);
}
