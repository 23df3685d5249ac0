import { chmodSync, chownSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes DATA_DIR. Others may pass through it (PostgreSQL's user must), but not list it; its secrets are 0600. */
export function makeDataFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
}

/** Writes a file that only its owner may read; it appears whole or not at all. */
export function writePrivateFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  // A start as root must not lock the folder's owner out of it.
  const folder = statSync(dirname(path));
  if (process.getuid?.() === 0) chownSync(draft, folder.uid, folder.gid);
  renameSync(draft, path);
}
