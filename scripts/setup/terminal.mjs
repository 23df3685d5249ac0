import { realpathSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

/** What a person at the terminal sees of the scripts: steps, plain sentences, help. */

/** An error whose message is one sentence for the person at the terminal; no stack is shown. */
export class PlainError extends Error {
  name = 'PlainError';
}

/** Whether the module is the program that Node was started with. */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}

/** With `--help` or `-h` on the command line: prints what the command does and ends. */
export function printHelp(text) {
  if (!process.argv.slice(2).some((word) => word === '--help' || word === '-h')) return;
  console.log(text);
  process.exit(0);
}

/** Runs a command's work; a failure becomes one sentence (or, when it is a fault of ours, the stack) and exit code 1. */
export async function runCommand(work) {
  try {
    await work();
  } catch (error) {
    console.error(describeFailure(error));
    process.exit(1);
  }
}

/** A plain sentence for what was foreseen, everything known for what was not. */
export function describeFailure(error) {
  if (error instanceof Error) return error.name === 'PlainError' ? error.message : (error.stack ?? error.message);
  return String(error);
}

/** Says what is being done, that it is still being done, and how long it took. */
export async function step(label, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  console.log(`${label} …`);
  const reminder = setInterval(() => console.log(`${label} … still at it after ${seconds()}`), 15_000);
  try {
    const result = await work();
    console.log(`${label}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(reminder);
  }
}
