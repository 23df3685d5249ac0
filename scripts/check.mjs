import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { checks } from './check/checks.mjs';
import { setUp } from './setup.mjs';
import { isMain, printHelp, runCommand } from './setup/terminal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs all checks, two or more at a time, with one line for each and what a failing one printed.
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks() {
  const waiting = [...checks];
  const result = { passed: 0, failed: 0 };
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = performance.now();
      const { passed, output } = await check.run(root).catch((error) => ({ passed: false, output: error.message }));
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${passed ? '✓' : '✗'} ${check.name} (${seconds} s)`);
      if (output !== '' && (!passed || check.alwaysShown)) console.log(output);
      result[passed ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, work));
  return result;
}

if (isMain(import.meta.url)) {
  printHelp(`npm run check
Types, lint, format, dead code, import rules and the sizes of the built pages: what CI runs before the tests.`);
  await runCommand(async () => {
    await setUp();
    const { failed } = await runChecks();
    process.exit(failed === 0 ? 0 : 1);
  });
}
