import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runProgram } from './child.mjs';
import { step } from './terminal.mjs';

/**
 * What suites need of the system: Chromium and a font with Chinese letters those in a browser, Redis those about
 * several nodes.
 */

const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const browsersElsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a program lies on PATH, or null. */
function findProgram(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

/** The Chromium or Chrome to test with, or null. */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return isProgram(named) ? named : null;
  const onPath = browserNames.map(findProgram).find((path) => path !== null);
  return onPath ?? browsersElsewhere.find(isProgram) ?? null;
}

/** The redis-server to test with, or null. */
export function findRedisServer() {
  return findProgram('redis-server');
}

async function hasChineseFont() {
  // Without fontconfig nobody can tell; macOS and Windows bring such fonts along.
  if (findProgram('fc-list') === null) return process.platform !== 'linux';
  const { output } = await runProgram('fc-list', [':lang=zh', 'family'], { quiet: true });
  return output.trim() !== '';
}

/** How packages of the distribution can be installed here without asking anybody: the words before apt-get, or null. */
async function administrator() {
  if (findProgram('apt-get') === null) return null;
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') === null) return null;
  const { code } = await runProgram('sudo', ['-n', 'true'], { quiet: true });
  return code === 0 ? ['sudo', '-n'] : null;
}

async function runAs(before, words) {
  const [command, ...args] = [...before, ...words];
  return runProgram(command, args, { quiet: true });
}

function aptGet(before, words) {
  return runAs(before, ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...words]);
}

/** Installing Redis starts it as a service; the tests start their own, and nobody asked for one on its usual port. */
async function stopRedisService(before) {
  const hasSystemd = findProgram('systemctl') !== null && existsSync('/run/systemd/system');
  if (hasSystemd) await runAs(before, ['systemctl', 'disable', '--now', 'redis-server']);
  else if (existsSync('/etc/init.d/redis-server')) await runAs(before, ['/etc/init.d/redis-server', 'stop']);
}

/**
 * Installs what is missing where it may, and says in plain words what stays missing.
 * @returns {Promise<void>} never fails: the suites that cannot run are skipped and named
 */
export async function installSystemPackages() {
  const lacksRedis = findRedisServer() === null;
  const missing = [
    ...(findBrowser() === null ? ['chromium'] : []),
    ...((await hasChineseFont()) ? [] : ['fonts-noto-cjk']),
    ...(lacksRedis ? ['redis-server'] : []),
  ];
  if (missing.length === 0) return;
  const before = await administrator();
  if (before !== null) {
    await step(`Installing ${missing.join(' and ')} from the distribution's packages`, async () => {
      await aptGet(before, ['update']);
      const { code, output } = await aptGet(before, ['install', '-y', '--no-install-recommends', ...missing]);
      if (code !== 0) console.log(`apt-get could not install them: ${output.trim().split('\n').at(-1)}`);
      if (lacksRedis && findRedisServer() !== null) await stopRedisService(before);
    });
  }
  if (findBrowser() === null) {
    console.log('No Chromium or Chrome is on PATH: the browser suites are skipped. Install chromium to run them.');
  }
  if (!(await hasChineseFont())) {
    console.log('No font with Chinese letters was found: screenshots show boxes. Install fonts-noto-cjk.');
  }
  if (findRedisServer() === null) {
    console.log('No redis-server is on PATH: the suites about several nodes are skipped. Install redis-server.');
  }
}
