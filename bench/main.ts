import { resolve } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describeFailure, PlainError } from '../scripts/setup/terminal.mjs';
import { machineLine } from './command/machine.ts';
import { checkOpenFiles } from './command/open-files.ts';
import { readOptions } from './command/options.ts';
import type { Figure } from './figures/figure.ts';
import { markdownTable, terminalTable } from './figures/table.ts';
import { profile } from './profile/profile.ts';
import type { Bench } from './scenarios/scenario.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';
import { programsOf } from './servers/bench-server.ts';
import { LoadGenerator } from './servers/load-generator.ts';

/**
 * Runs the performance suite and prints its table.
 * @param words the command line behind `npm run bench --`
 * @returns the exit code: 0 unless something was lost or a scenario failed
 */
export async function bench(root: string, words: readonly string[]): Promise<number> {
  const options = readOptions(
    words,
    SCENARIOS.map(({ name }) => name),
  );
  checkOpenFiles();
  const started = performance.now();
  const elapsed = () => `${((performance.now() - started) / 1_000).toFixed(0).padStart(4)} s`;
  const say = (line: string) => console.log(`${elapsed()}  ${line}`);
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const programs = programsOf(root, options.server === null ? undefined : resolve(from, options.server));
  const wanted = SCENARIOS.filter(({ name }) => options.scenarios.length === 0 || options.scenarios.includes(name));
  const { rounds, quick } = options;
  let interrupted = false;
  let interrupt: () => void = () => undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted = true;
      interrupt();
    });
  }
  /** A generator of its own for each: what one has left behind in it slows no other. */
  const withGenerator = async <Result>(act: (bench: Bench) => Promise<Result>): Promise<Result> => {
    const load = await LoadGenerator.start(programs.load);
    // Without it the scenario fails at its next step, and stops what it has started.
    interrupt = () => void load.stop();
    if (interrupted) interrupt();
    try {
      return await act({ root, programs, load, rounds, quick, say });
    } finally {
      await load.stop();
    }
  };
  const keep = (text: string) => {
    const command = ['npm run bench --', ...words].join(' ');
    if (options.markdown === null) return;
    writeFileSync(resolve(from, options.markdown), `${machineLine()}\n\n\`${command}\`\n\n${text}\n`);
  };
  const figures: Figure[] = [];

  console.log(machineLine());
  if (options.profile) {
    const text = await withGenerator((bench) => profile(bench, options.scenarios));
    console.log(`\n${text}\n`);
    keep(text);
    return 0;
  }
  const failed: string[] = [];
  for (const scenario of wanted) {
    say(`${scenario.name}: ${scenario.summary}`);
    try {
      figures.push(...(await withGenerator((bench) => scenario.run(bench))));
    } catch (error) {
      if (interrupted) throw new PlainError('Stopped.');
      // The others are still worth knowing.
      failed.push(`${scenario.name} failed: ${describeFailure(error)}`);
      say(failed.at(-1) ?? '');
    }
  }
  console.log(`\n${terminalTable(figures)}\n`);
  for (const line of failed) console.error(line);
  keep(markdownTable(figures));
  return failed.length === 0 && figures.every(({ losses }) => losses === 0) ? 0 : 1;
}
