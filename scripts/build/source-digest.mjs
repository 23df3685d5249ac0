import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const skippedFolders = new Set(['node_modules', 'dist', 'data', 'coverage']);
const skippedFiles = /\.test\.ts$|\.md$/;

/**
 * One digest over path, modification time and size of every file below `sources` (folders or files, relative to
 * `root`). Tests, documents and outputs do not count; what is missing counts as missing.
 */
export function sourceDigest(root, sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const line of describe(root, join(root, source))) hash.update(line);
  }
  return hash.digest('hex');
}

function describe(root, path) {
  const name = relative(root, path).split(sep).join('/');
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [`${name} missing\n`];
  if (stat.isFile()) return [`${name} ${stat.mtimeMs} ${stat.size}\n`];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() ? !skippedFolders.has(entry.name) : !skippedFiles.test(entry.name)))
    .map((entry) => entry.name)
    .sort()
    .flatMap((entry) => describe(root, join(path, entry)));
}
