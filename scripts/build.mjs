import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundle, bundlePages } from './build/bundle.mjs';
import { sourceDigest } from './build/source-digest.mjs';
import { targets } from './build/targets.mjs';
import { tryLock, unlock } from './process-lock.mjs';
import { isMain, PlainError, printHelp, runCommand, step } from './setup/terminal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function stampOf(target) {
  return join(root, `${target.output}.built`);
}

function isStale(target) {
  const stamp = stampOf(target);
  if (!existsSync(join(root, target.output)) || !existsSync(stamp)) return true;
  return readFileSync(stamp, 'utf8') !== sourceDigest(root, target.sources);
}

/**
 * Builds what is stale. One build at a time on this folder: another process waits here and then finds the work done.
 * What fails does not keep the others from being built.
 * @param {{ groups?: ('servers' | 'pages' | 'bench')[] }} [options] both groups when absent
 * @returns {Promise<Map<string, string>>} what failed: name of the target → why
 */
export async function tryBuildStale({ groups = ['servers', 'pages'] } = {}) {
  const failures = new Map();
  const wanted = targets.filter((target) => groups.includes(target.group));
  if (!wanted.some(isStale)) return failures;
  const lock = join(root, 'node_modules', '.openkefu-build.lock');
  while (!tryLock(lock)) await delay(100);
  try {
    for (const target of wanted.filter(isStale)) {
      try {
        await step(`Building ${target.name}`, () => buildTarget(target));
      } catch (error) {
        failures.set(target.name, error.message);
      }
    }
  } finally {
    unlock(lock);
  }
  return failures;
}

async function buildTarget(target) {
  // Taken before the build: what changes meanwhile makes the output stale again.
  const digest = sourceDigest(root, target.sources);
  await (target.kind === 'vite' ? bundlePages(root, target) : bundle(root, target));
  writeFileSync(stampOf(target), digest);
}

/** Builds what is stale, as above; a failure is an error. */
export async function buildStale(options) {
  const failures = await tryBuildStale(options);
  if (failures.size === 0) return;
  throw new PlainError([...failures].map(([name, reason]) => `${name} could not be built: ${reason}`).join('\n'));
}

if (isMain(import.meta.url)) {
  printHelp(`npm run build
Builds the two servers, the console, the widget and the start scripts for production, where their sources are newer.`);
  await runCommand(() => buildStale());
}
