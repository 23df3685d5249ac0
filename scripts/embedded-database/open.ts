import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { makeDataFolder } from '../environment/data-folder.ts';
import { choosePort, isFree } from '../environment/free-port.ts';
import { lockHolder, tryLock, unlock } from '../process-lock.mjs';
import { PlainError } from '../setup/terminal.mjs';
import { databaseUrl, newPassword, readAddress, writeAddress, type Address } from './address.ts';
import { databaseName, durableSettings, type Cluster } from './cluster.ts';
import { initialiseCluster } from './initialise.ts';
import { operatingUser } from './operating-user.ts';
import { adoptPostmaster, startPostmaster, stopPostmaster, type Postmaster } from './postmaster.ts';
import { canEnter, chooseClusterFolder, reachablePrograms } from './reachable-folders.ts';

/** The embedded database of a data folder, running. */
export interface EmbeddedDatabase {
  readonly url: string;
  readonly pid: number;
  /** How we came to it: started it, took over one left by a process that was killed, or share another process's. */
  readonly how: 'started' | 'adopted' | 'shared';
  /** Resolves when PostgreSQL is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** Stops it, unless it belongs to another process. */
  stop(): Promise<void>;
}

const startAttempts = 40;
const retryMs = 250;
const othersStartMs = 60_000;

/**
 * Starts the embedded PostgreSQL of `dataDir` (making it on the first run), or adopts the one that was left running.
 * While another live process looks after it, that one is shared and left running.
 * @param settings PostgreSQL's settings by name; durable when absent
 * @throws PlainError when it cannot run here
 */
export async function openEmbeddedDatabase(
  dataDir: string,
  settings: Readonly<Record<string, string>> = durableSettings,
): Promise<EmbeddedDatabase> {
  makeDataFolder(dataDir);
  const lock = join(dataDir, 'database.lock');
  if (!tryLock(lock)) {
    const shared = await share(dataDir, lock);
    if (shared !== null) return shared;
  }
  try {
    return await own(dataDir, lock, settings);
  } catch (error) {
    unlock(lock);
    throw error;
  }
}

async function own(dataDir: string, lock: string, settings: Cluster['settings']): Promise<EmbeddedDatabase> {
  const remembered = readAddress(dataDir);
  const user = operatingUser(remembered?.folder ?? join(dataDir, 'db'));
  const folder = clusterFolder(dataDir, remembered, user);
  const password = remembered?.password ?? newPassword();
  const adopted = remembered === null ? null : await adoptPostmaster(folder);
  const postmaster =
    adopted ??
    (await start(
      dataDir,
      { folder, user, settings, programs: reachablePrograms(user), logFile: join(dataDir, 'database.log') },
      { port: remembered?.port ?? (await choosePort()), password, folder },
    ));
  const address = { port: postmaster.port, password, folder };
  try {
    await createDatabase(address);
  } catch (error) {
    if (adopted === null) await stopPostmaster(postmaster);
    throw foreignFolder(error, dataDir, folder);
  }
  const released = postmaster.exited.then(() => unlock(lock));
  return {
    url: databaseUrl(address),
    pid: postmaster.pid,
    how: adopted === null ? 'started' : 'adopted',
    exited: released,
    stop: async () => {
      await stopPostmaster(postmaster);
      await released;
    },
  };
}

function clusterFolder(dataDir: string, remembered: Address | null, user: Cluster['user']): string {
  if (remembered === null) return chooseClusterFolder(dataDir, user);
  if (existsSync(remembered.folder)) return remembered.folder;
  // The project was moved together with its data, or the first run ended before there was a database.
  const inside = join(dataDir, 'db');
  if (existsSync(inside) && canEnter(user, dataDir)) return inside;
  return chooseClusterFolder(dataDir, user);
}

async function start(dataDir: string, place: Omit<Cluster, 'port'>, wanted: Address): Promise<Postmaster> {
  let address = wanted;
  // Before the folder is made: a folder whose password nobody knows would be of no use.
  writeAddress(dataDir, address);
  initialiseCluster(place, address.password);
  let log = '';
  for (let attempt = 0; attempt < startAttempts; attempt += 1) {
    if (!(await isFree(address.port))) address = { ...address, port: await choosePort() };
    const outcome = await startPostmaster({ ...place, port: address.port });
    if ('pid' in outcome) {
      writeAddress(dataDir, address);
      return outcome;
    }
    log = outcome.log;
    if (outcome.reason === 'other') break;
    if (outcome.reason === 'port-taken') address = { ...address, port: await choosePort() };
    else await delay(retryMs);
  }
  throw new PlainError(
    `The embedded database did not start (${place.logFile}): ${log.split('\n').at(-1) || 'PostgreSQL said nothing'}`,
  );
}

/** The database itself, in a cluster that has only PostgreSQL's own ones after the first start. */
async function createDatabase(address: Address): Promise<void> {
  const client = new pg.Client(databaseUrl(address, 'postgres'));
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } catch (error) {
    // Two processes that share a fresh cluster may both find it missing (duplicate_database, unique_violation).
    if (!(error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? ''))) throw error;
  } finally {
    await client.end();
  }
}

/** A folder whose password we do not know: `database.json` was removed and `db` was not, or the other way round. */
function foreignFolder(error: unknown, dataDir: string, folder: string): unknown {
  if (!(error instanceof pg.DatabaseError && error.code === '28P01')) return error;
  return new PlainError(
    `The password in ${join(dataDir, 'database.json')} does not open the database in ${folder}: put the right file back, or remove both to begin anew.`,
    { cause: error },
  );
}

/** The database that another process looks after, once it is there; null when that process ends before. */
async function share(dataDir: string, lock: string): Promise<EmbeddedDatabase | null> {
  const deadline = Date.now() + othersStartMs;
  while (Date.now() < deadline) {
    const address = readAddress(dataDir);
    const postmaster = address === null ? null : await adoptPostmaster(address.folder);
    if (address !== null && postmaster !== null) {
      const { pid, port, exited } = postmaster;
      await createDatabase({ ...address, port });
      return { url: databaseUrl({ ...address, port }), pid, how: 'shared', exited, stop: () => Promise.resolve() };
    }
    if (lockHolder(lock) === null && tryLock(lock)) return null;
    await delay(retryMs);
  }
  throw new PlainError(`Process ${lockHolder(lock) ?? '?'} holds the database in ${dataDir} but does not start it.`);
}
