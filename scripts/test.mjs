import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './check.mjs';
import { countTests, summary } from './check/test-counts.mjs';
import { runProgram } from './setup/child.mjs';
import { setUp } from './setup.mjs';
import { findBrowser } from './setup/system-packages.mjs';
import { PlainError, printHelp, runCommand } from './setup/terminal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const everySuite = ['check', 'unit', 'integration', 'browser'];
const knownSuites = [...everySuite, 'soak'];

printHelp(`npm test [-- ${knownSuites.join(' | ')} …]
Checks the project: npm run check, then the unit, integration and browser suites on servers and a PostgreSQL of their
own. Installs what is missing first. npm run test:soak runs the long storms.`);

/** Runs one vitest project; what it prints is shown, what it counts is read from its JSON report. */
async function runSuite(name, folder) {
  const report = join(folder, `${name}.json`);
  const { code } = await runProgram(
    process.execPath,
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      ...['run', '--project', name, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    { cwd: root },
  );
  return countTests(name, code, readReport(report));
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // vitest ended before it could write one: its exit code says the rest.
    return null;
  }
}

await runCommand(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !knownSuites.includes(name));
  if (unknown.length > 0) throw new PlainError(`No suite is called ${unknown.join(', ')}: ${knownSuites.join(', ')}`);
  const suites = named.length > 0 ? named : everySuite;

  await setUp({ forTests: true });
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-reports-'));
  const rows = [];
  try {
    for (const suite of suites) {
      console.log(`\n— ${suite} —`);
      if (suite === 'check') rows.push({ name: suite, isCheck: true, skipped: 0, ...(await runChecks()) });
      else if (suite === 'browser' && findBrowser() === null) rows.push({ name: suite, left: 'no Chromium' });
      else rows.push(await runSuite(suite, folder));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { text, isGood } = summary(rows);
  console.log(text);
  process.exit(isGood ? 0 : 1);
});
