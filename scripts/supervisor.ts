import { join } from 'node:path';
import { defaultApp } from './environment/app-credentials.ts';
import { prepareAppStore } from './environment/app-store.ts';
import { dataFolder, publicWebUrl, realtimeEndpoint, type Environment } from './environment/configuration.ts';
import { parseServersEnvironment } from './environment/servers-environment.ts';
import { makeDataFolder } from './environment/data-folder.ts';
import { checkDatabaseUrl } from './environment/database-url.ts';
import { choosePort, listenProblem } from './environment/free-port.ts';
import { lockHolder, tryLock, unlock } from './process-lock.mjs';
import { describeFailure, PlainError } from './setup/terminal.mjs';
import { announcement } from './supervisor/announcement.ts';
import { awaitFormerChildren, forgetChildren, noteChild } from './supervisor/former-children.ts';
import { StartRefused, startManagedChild, type ManagedChild } from './supervisor/managed-child.ts';
import { pusherServerEnvironment, webAppEnvironment } from './supervisor/server-environment.ts';
import { stopRequest } from './supervisor/stop-request.ts';
import { superviseDatabase } from './supervisor/supervised-database.ts';

/** The two servers as they run, for `npm run dev`, which restarts them. */
export interface RunningServers {
  readonly pusherServer: ManagedChild;
  readonly webApp: ManagedChild;
}

export interface SupervisorOptions {
  readonly root: string;
  /** The parent when this process began (see stop-request). */
  readonly parentPid: number;
  readonly onReady?: (servers: RunningServers) => void;
}

/**
 * Runs database, pusher-server and web-app until asked to stop.
 * @returns the exit code: 0 when stopped, 1 when they could not be started
 */
export async function supervise({ root, parentPid, onReady }: SupervisorOptions): Promise<number> {
  // A reader that has gone away (`npm start | head`) is no reason to stop serving.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const requested = stopRequest(parentPid);
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };

  const started = start(root, closers).then((servers) => onReady?.(servers));
  try {
    await Promise.race([started, requested]);
    await requested;
    return 0;
  } catch (error) {
    if (!(error instanceof StartRefused)) console.error(describeFailure(error));
    return 1;
  } finally {
    await closeAll();
    // A start that was interrupted may have opened one thing more meanwhile.
    await started.catch(() => undefined);
    await closeAll();
  }
}

/** Starts everything in order; what is open is put on `closers`, to be closed in the opposite order. */
async function start(root: string, closers: (() => Promise<void> | void)[]): Promise<RunningServers> {
  const env = parseServersEnvironment(process.env, ['pusher-server', 'web-app']);
  const dataDir = dataFolder(env, root);
  takeDataFolder(dataDir, closers);
  await awaitFormerChildren(dataDir);
  // Said before there is a database: a first run that cannot be finished leaves nothing behind.
  await refuseTakenPort('PUSHER_PORT', env.PUSHER_PORT, env.PUSHER_BIND_HOST);
  await refuseTakenPort('WEB_PORT', env.WEB_PORT, env.WEB_BIND_HOST);

  let moved: () => void = () => undefined;
  const databaseUrl = await openDatabase(env, dataDir, closers, () => moved());
  const joint = {
    env,
    dataDir,
    app: await defaultApp(env, dataDir),
    webPort: env.WEB_PORT === 0 ? await choosePort() : env.WEB_PORT,
    pusherPort: env.PUSHER_PORT === 0 ? await choosePort() : env.PUSHER_PORT,
  };
  await prepareAppStore(env, databaseUrl());
  const startServer = async (name: string, serverEnv: () => NodeJS.ProcessEnv) => {
    const onStart = (pid: number) => noteChild(dataDir, name, pid);
    const entry = join(root, name, 'dist', 'main.js');
    const child = startManagedChild({ name, entry, cwd: root, env: serverEnv, onStart });
    closers.push(() => child.stop());
    return { child, ready: await child.ready };
  };
  // pusher-server is stopped first: its last webhooks still find web-app.
  const [webApp, pusherServer] = await Promise.all([
    startServer('web-app', () => webAppEnvironment(joint, databaseUrl())),
    startServer('pusher-server', () => pusherServerEnvironment(joint, databaseUrl())),
  ]);
  moved = () => {
    webApp.child.restart();
    if (env.PUSHER_APP_STORE === 'database') pusherServer.child.restart();
  };

  console.log(
    announcement({
      webUrl: publicWebUrl(env, joint.webPort),
      realtimeEndpoint: realtimeEndpoint(env, joint.pusherPort, joint.app.key),
      firstRun: webApp.ready.firstRun,
      installCode: webApp.ready.installCode,
    }),
  );
  return { pusherServer: pusherServer.child, webApp: webApp.child };
}

function takeDataFolder(dataDir: string, closers: (() => Promise<void> | void)[]): void {
  makeDataFolder(dataDir);
  const lock = join(dataDir, 'openkefu.lock');
  if (!tryLock(lock)) {
    throw new PlainError(
      `OpenKefu already runs on ${dataDir} (process ${lockHolder(lock) ?? '?'}): stop it first, or set another DATA_DIR.`,
    );
  }
  closers.push(
    () => unlock(lock),
    () => forgetChildren(dataDir),
  );
}

async function refuseTakenPort(variable: string, port: number, host = '127.0.0.1'): Promise<void> {
  if (port === 0 || (await listenProblem(port, host)) !== 'EADDRINUSE') return;
  throw new PlainError(`Port ${port} on ${host} is taken by another program: free it or set ${variable}.`);
}

/** The person's own database, tried once, or the embedded one; returns where it is, as asked at any time. */
async function openDatabase(
  env: Environment,
  dataDir: string,
  closers: (() => Promise<void> | void)[],
  onMoved: () => void,
): Promise<() => string> {
  const own = env.DATABASE_URL;
  if (own !== undefined) {
    await checkDatabaseUrl(own);
    return () => own;
  }
  const database = await superviseDatabase(dataDir, onMoved);
  closers.push(() => database.stop());
  return () => database.url;
}
