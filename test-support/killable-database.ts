import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../scripts/embedded-database/open.ts';
import { prepareDatabase } from '../web-app/src/db/prepare.ts';

/** A migrated database on a PostgreSQL of its own, durable as the product's, for suites that kill it. */
export interface KillableDatabase {
  /** The same over restarts. */
  readonly url: string;
  /** SIGKILL to PostgreSQL; resolves when it is gone. */
  kill9(): Promise<void>;
  /** Starts it again (stopping it first if it runs); resolves when it takes connections. */
  restart(): Promise<void>;
  /** Stops it and removes everything. */
  drop(): Promise<void>;
}

export async function openDatabaseOfItsOwn(): Promise<KillableDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'openkefu-own-db-'));
  // PostgreSQL's own user must get through when we are root.
  chmodSync(dataDir, 0o711);
  let database = await openEmbeddedDatabase(dataDir);
  const drop = async () => {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await prepareDatabase(database.url);
  } catch (error) {
    await drop();
    throw error;
  }
  return {
    url: database.url,
    kill9: async () => {
      process.kill(database.pid, 'SIGKILL');
      await database.exited;
    },
    restart: async () => {
      await database.stop();
      database = await openEmbeddedDatabase(dataDir);
    },
    drop,
  };
}
