import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './setup/install.mjs';
import { checkRealtimeBinary, preparePostgresFolder } from './setup/native-binaries.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { installSystemPackages } from './setup/system-packages.mjs';
import { isMain, PlainError, printHelp, runCommand } from './setup/terminal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Does what is missing before a command can run: packages, native binaries, build, and for tests what they need of
 * the system. Plain Node without packages, since it runs before there are any.
 * @param {{ forTests?: boolean, groups?: ('servers' | 'pages' | 'bench')[] }} [options] groups: what is built; all when absent
 */
export async function setUp({ forTests = false, groups } = {}) {
  checkNodeVersion();
  await installPackages(root);
  await prepareNativeBinaries();
  if (forTests) await installSystemPackages();
  const { buildStale } = await import('./build.mjs');
  await buildStale({ groups });
}

/** Once for each install and Node.js version; loading a binary to try it takes longer than everything else here. */
async function prepareNativeBinaries() {
  const stamp = join(root, 'node_modules', '.openkefu-native');
  const wanted = `${readFileSync(join(root, 'node_modules', '.openkefu-installed'), 'utf8')} ${process.version}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  preparePostgresFolder(root);
  await checkRealtimeBinary(root);
  writeFileSync(stamp, wanted);
}

/** Reads `.env` of the project; what the environment has already wins. */
export function loadDotEnv() {
  const file = join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

if (isMain(import.meta.url)) {
  printHelp(`node scripts/setup.mjs [--for-tests]
Does what is missing: packages of the lock file, native binaries, build; for tests also Chromium, a Chinese font and Redis.`);
  await runCommand(() => {
    const words = process.argv.slice(2);
    const unknown = words.filter((word) => word !== '--for-tests');
    if (unknown.length > 0) throw new PlainError(`Unknown argument: ${unknown.join(' ')} (there is only --for-tests)`);
    return setUp({ forTests: words.includes('--for-tests') });
  });
}
