import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlainError } from '../setup/terminal.mjs';
import { postgresFolder } from '../setup/native-binaries.mjs';
import { programEnvironment } from './cluster.ts';
import type { OperatingUser } from './operating-user.ts';

/** Where root may put what another OS user must reach; the last forgets at a reboot, so it is for programs only. */
const lastingFolders = ['/var/lib', '/srv', '/opt'];

/** Whether a folder can be entered by the user that PostgreSQL runs as. */
export function canEnter(user: OperatingUser | null, folder: string): boolean {
  if (user === null) return true;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

/**
 * Where the cluster of a data folder lies when nothing is remembered: in it, or, when PostgreSQL's user cannot get
 * there (a clone below a home with mode 0700), in a folder of its own that it can reach.
 */
export function chooseClusterFolder(dataDir: string, user: OperatingUser | null): string {
  if (canEnter(user, dataDir)) return join(dataDir, 'db');
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  const base = lastingFolders.find((folder) => canEnter(user, folder));
  if (base === undefined) {
    throw new PlainError(
      `PostgreSQL runs as another user than root and cannot reach ${dataDir}: set DATA_DIR to a folder that everybody may enter, or set DATABASE_URL.`,
    );
  }
  const folder = join(base, 'openkefu', name);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return join(folder, 'db');
}

/** PostgreSQL's programs at a place from where the user can run them: where npm put them, or a copy. */
export function reachablePrograms(user: OperatingUser | null): string {
  const installed = postgresFolder(projectRoot());
  if (installed === null) {
    throw new PlainError(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: please set DATABASE_URL to a PostgreSQL 13 or newer.`,
    );
  }
  if (runsAs(user, installed)) return installed;
  if (user === null) throw new PlainError(notRunnable());
  return stagedPrograms(user, installed);
}

function notRunnable(): string {
  return `The embedded PostgreSQL does not run on this system (it needs ${process.platform === 'linux' ? 'glibc' : process.platform}): please set DATABASE_URL to a PostgreSQL 13 or newer.`;
}

function runsAs(user: OperatingUser | null, programs: string): boolean {
  const options = { ...user, cwd: '/', env: programEnvironment() };
  return spawnSync(join(programs, 'bin', 'postgres'), ['--version'], { ...options, stdio: 'ignore' }).status === 0;
}

/** A copy for each version, shared by all installations on the machine. */
function stagedPrograms(user: OperatingUser, installed: string): string {
  const { version } = JSON.parse(readFileSync(join(installed, '..', 'package.json'), 'utf8')) as { version: string };
  const base = [...lastingFolders, tmpdir()].find((folder) => canEnter(user, folder)) ?? tmpdir();
  const staged = join(base, 'openkefu', `postgresql-${version}`);
  if (!existsSync(staged)) copyForAll(installed, staged);
  if (runsAs(user, staged)) return staged;
  throw new PlainError(notRunnable());
}

function copyForAll(from: string, to: string): void {
  const draft = `${to}.${process.pid}.new`;
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
  allowAll(draft);
  try {
    renameSync(draft, to);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process may have been quicker; its copy is as good.
    if (!existsSync(to)) throw error;
  }
}

/** A clone made under a narrow umask carries that umask into the copy. */
function allowAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) allowAll(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o111 ? 0o755 : 0o644);
  }
}

/** The root of the project, from this file or from its bundle in `dist/scripts`. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the project around the scripts was not found');
    folder = parent;
  }
  return folder;
}
