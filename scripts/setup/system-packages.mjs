import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runProgram } from './child.mjs';
import { step } from './terminal.mjs';

/** What the browser suites need of the system: Chromium, and a font with Chinese letters. */

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

async function aptGet(before, words) {
  const [command, ...args] = [...before, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...words];
  return runProgram(command, args, { quiet: true });
}

/**
 * Installs what is missing where it may, and says in plain words what stays missing.
 * @returns {Promise<void>} never fails: the suites that cannot run are skipped and named
 */
export async function installSystemPackages() {
  const missing = [
    ...(findBrowser() === null ? ['chromium'] : []),
    ...((await hasChineseFont()) ? [] : ['fonts-noto-cjk']),
  ];
  if (missing.length === 0) return;
  const before = await administrator();
  if (before !== null) {
    await step(`Installing ${missing.join(' and ')} from the distribution's packages`, async () => {
      await aptGet(before, ['update']);
      const { code, output } = await aptGet(before, ['install', '-y', '--no-install-recommends', ...missing]);
      if (code !== 0) console.log(`apt-get could not install them: ${output.trim().split('\n').at(-1)}`);
    });
  }
  if (findBrowser() === null) {
    console.log('No Chromium or Chrome is on PATH: the browser suites are skipped. Install chromium to run them.');
  }
  if (!(await hasChineseFont())) {
    console.log('No font with Chinese letters was found: screenshots show boxes. Install fonts-noto-cjk.');
  }
}
