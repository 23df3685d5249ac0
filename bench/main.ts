import { resolve } from 'node:path';
import { writeFileSync } from 'node:fs';
import { machineLine } from './command/machine.ts';
import { checkOpenFiles } from './command/open-files.ts';
import { readOptions } from './command/options.ts';
import type { Figure } from './figures/figure.ts';
import { markdownTable, terminalTable } from './figures/table.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';
import { programsOf } from './servers/bench-server.ts';
import { LoadGenerator } from './servers/load-generator.ts';

/**
 * Runs the performance suite and prints its table.
 * @param words the command line behind `npm run bench --`
 * @returns the exit code: 0 unless something was lost
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
  const figures: Figure[] = [];

  console.log(machineLine());
  for (const scenario of wanted) {
    // A process of its own for each: what one has left behind in it slows no other.
    const load = await LoadGenerator.start(programs.load);
    try {
      const { rounds, quick } = options;
      figures.push(...(await scenario.run({ root, programs, load, rounds, quick, say })));
    } finally {
      await load.stop();
    }
  }

  console.log(`\n${terminalTable(figures)}\n`);
  if (options.markdown !== null) {
    const command = ['npm run bench --', ...words].join(' ');
    writeFileSync(resolve(from, options.markdown), `${machineLine()}\n\n\`${command}\`\n\n${markdownTable(figures)}\n`);
  }
  return figures.every(({ losses }) => losses === 0) ? 0 : 1;
}
