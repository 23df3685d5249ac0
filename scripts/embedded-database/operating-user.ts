import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { PlainError } from '../setup/terminal.mjs';

/** An OS user by its numbers. */
export interface OperatingUser {
  readonly uid: number;
  readonly gid: number;
}

const userName = 'postgres';

/**
 * Whom PostgreSQL runs as: it refuses to run as root, so root runs it as the owner of an existing data folder, else as
 * the OS user `postgres`, who is made when absent. Null for everybody else: they run it as themselves.
 */
export function operatingUser(clusterFolder: string): OperatingUser | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(clusterFolder, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return findUser() ?? makeUser();
}

function findUser(): OperatingUser | null {
  const [uid, gid] = ['-u', '-g'].map((which) => spawnSync('id', [which, userName], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function makeUser(): OperatingUser {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', userName], {
      stdio: 'pipe',
    });
  } catch (error) {
    throw new PlainError(
      `PostgreSQL refuses to run as root, and the OS user '${userName}' could not be made: run OpenKefu as an ordinary user, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const made = findUser();
  if (made === null) throw new Error(`useradd made no user '${userName}'`);
  return made;
}
