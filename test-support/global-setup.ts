import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { tryBuildStale } from '../scripts/build.mjs';
import { openEmbeddedDatabase } from '../scripts/embedded-database/open.ts';
import { prepareDatabase } from '../web-app/src/db/prepare.ts';
import { templateDatabase } from './template-database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The database of the run's cluster from which others are made and dropped. */
    adminDatabaseUrl: string;
    /** What could not be built, by target, or migrated (`database`), with the reason; empty when all is well. */
    buildFailures: Record<string, string>;
  }
}

/** A cluster that forgets at a power cut and is therefore quick; a killed PostgreSQL loses nothing in it either. */
const quickSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };

/** Before the suites of a project: what is stale is built, and one PostgreSQL cluster runs for all of them. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const failures = await tryBuildStale({ groups: project.name === 'browser' ? ['servers', 'pages'] : ['servers'] });

  const dataDir = mkdtempSync(join(tmpdir(), 'openkefu-test-'));
  // PostgreSQL's own user must get through when we are root.
  chmodSync(dataDir, 0o711);
  const database = await openEmbeddedDatabase(dataDir, quickSettings);
  const tearDown = async () => {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await makeTemplate(database.url);
  } catch (error) {
    failures.set('database', String(error));
  }
  project.provide('adminDatabaseUrl', database.url);
  project.provide('buildFailures', Object.fromEntries(failures));
  return tearDown;
}

async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${templateDatabase}`);
  } finally {
    await admin.end();
  }
  const url = new URL(adminUrl);
  url.pathname = `/${templateDatabase}`;
  await prepareDatabase(url.href);
}
