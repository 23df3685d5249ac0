import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseVersion } from '../db/database-health.ts';
import type { Database } from '../db/knex.ts';
import type { RealtimeServer } from '../realtime/realtime-server.ts';

/** What the program needs around it, and whether it is so. */
export interface EnvironmentChecks {
  /** As PostgreSQL calls itself. */
  database: { version: string };
  realtime: { isThere: boolean; address: string };
  uploads: { isWritable: boolean; folder: string };
}

export interface CheckedParts {
  db: Database;
  server: Pick<RealtimeServer, 'isOccupied'>;
  realtimeAddress: string;
  filesDir: string;
}

/** Rejects when the database is away: then nothing works, and the app says so. */
export async function checkEnvironment(parts: CheckedParts): Promise<EnvironmentChecks> {
  const { db, server, realtimeAddress, filesDir } = parts;
  const [version, isThere, isWritable] = await Promise.all([
    databaseVersion(db),
    server.isOccupied('install').then(
      () => true,
      () => false,
    ),
    canWrite(filesDir),
  ]);
  return {
    database: { version },
    realtime: { isThere, address: realtimeAddress },
    uploads: { isWritable, folder: filesDir },
  };
}

async function canWrite(folder: string): Promise<boolean> {
  const path = join(folder, `.check-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path, 'written by the installation to see whether it can\n');
    return true;
  } catch {
    return false;
  } finally {
    await rm(path, { force: true });
  }
}
