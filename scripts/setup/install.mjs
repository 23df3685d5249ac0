import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './child.mjs';
import { PlainError, step } from './terminal.mjs';

/** Installs the packages of the lock file when node_modules is missing, is of another machine or does not match. */
export async function installPackages(root) {
  const stamp = join(root, 'node_modules', '.openkefu-installed');
  const wanted = describeInstall(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!matchesLockFile(root)) {
    // `npm ci` empties node_modules first; beside an older install the smaller change is the quicker one.
    const command = existsSync(join(root, 'node_modules', '.package-lock.json')) ? 'install' : 'ci';
    await step('Installing packages (about a minute the first time)', () => npm(root, command));
  }
  writeFileSync(stamp, wanted);
}

/** The lock file and the kind of machine, as one word: native packages differ by both. */
function describeInstall(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch}`;
}

/** Whether an install made by hand (`npm ci --ignore-scripts`, say) already is what the lock file asks for. */
function matchesLockFile(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const locked = readPackages(join(root, 'package-lock.json'));
  if (installed === null || locked === null) return false;
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    if (entry.link === true) return existsSync(join(root, path));
    if (installed[path] !== undefined) return installed[path].version === entry.version;
    return entry.optional === true && !isForThisMachine(entry);
  });
}

/** Whether an optional package is a binary for just this machine. */
function isForThisMachine({ os, cpu, libc }) {
  // Packages for one C library have a twin for the other: npm has chosen between them.
  if (os === undefined || cpu === undefined || libc !== undefined) return false;
  return os.includes(process.platform) && cpu.includes(process.arch);
}

function readPackages(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return null;
  }
}

async function npm(root, command) {
  // Started by npm itself, we know the very npm that the person uses.
  const cli = process.env.npm_execpath;
  const words = [command, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, quiet: true };
  const { code, output } = cli?.endsWith('.js')
    ? await runProgram(process.execPath, [cli, ...words], options)
    : await runProgram(process.platform === 'win32' ? 'npm.cmd' : 'npm', words, options);
  if (code === 0) return;
  const reason =
    output.match(/npm error (?!code )(.+)/)?.[1] ?? (output.trim().split('\n').at(-1) || 'npm was not found');
  throw new PlainError(`The packages could not be installed (npm ${command}): ${reason}`);
}
