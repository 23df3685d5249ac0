import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PlainError } from '../setup/terminal.mjs';
import { databaseName, programEnvironment, type Cluster } from './cluster.ts';
import type { OperatingUser } from './operating-user.ts';

/** The major version whose data folders the installed programs can run. */
const majorVersion = '18';

/** Makes the cluster's data folder when there is none; under another name first, so that it is whole or absent. */
export function initialiseCluster(cluster: Omit<Cluster, 'port'>, password: string): void {
  const versionFile = join(cluster.folder, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version === majorVersion) return;
    throw new PlainError(
      `${cluster.folder} is a database of PostgreSQL ${version}, and this release brings ${majorVersion}: please move it with pg_dump, or set DATABASE_URL.`,
    );
  }
  const draft = `${cluster.folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(draft), { recursive: true });
  mkdirSync(draft, { mode: 0o700 });
  own(draft, cluster.user);
  withPasswordFile(password, cluster.user, (passwordFile) => initdb(cluster, draft, passwordFile));
  // An empty folder of that name (a mounted volume, say) gives way.
  rmSync(cluster.folder, { recursive: true, force: true });
  renameSync(draft, cluster.folder);
}

/**
 * Sorting and letter classes come from PostgreSQL's own Unicode tables, the same on every machine. The C library's
 * table is still asked by pg_trgm and full-text search: with `C` they would not take Chinese characters for letters.
 */
const characterTables = process.platform === 'darwin' ? ['en_US.UTF-8', 'C'] : ['C.UTF-8', 'en_US.UTF-8', 'C'];

function initdb(cluster: Omit<Cluster, 'port'>, folder: string, passwordFile: string): void {
  let output = '';
  for (const table of characterTables) {
    const run = spawnSync(
      join(cluster.programs, 'bin', 'initdb'),
      [
        `--pgdata=${folder}`,
        `--username=${databaseName}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        `--lc-ctype=${table}`,
        '--no-instructions',
      ],
      { ...cluster.user, cwd: '/', env: programEnvironment(), encoding: 'utf8' },
    );
    if (run.status === 0) return;
    output = run.error?.message ?? run.stderr.trim();
    if (!output.includes('locale')) break;
  }
  throw new PlainError(
    `The embedded database could not be made in ${cluster.folder}: ${output.split('\n').at(-1) ?? ''}`,
  );
}

function withPasswordFile(password: string, user: OperatingUser | null, use: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-initdb-'));
  try {
    const file = join(folder, 'password');
    writeFileSync(file, `${password}\n`, { mode: 0o600 });
    own(file, user);
    own(folder, user);
    use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function own(path: string, user: OperatingUser | null): void {
  if (user !== null) chownSync(path, user.uid, user.gid);
}
