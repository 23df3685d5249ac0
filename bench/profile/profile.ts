import { cpuEach } from '../scenarios/cpu-figure.ts';
import type { Bench } from '../scenarios/scenario.ts';
import { startLimit, startOurs } from '../servers/bench-server.ts';
import { KINDS, kindOf, sharesOf } from './kinds.ts';
import { PROFILED } from './loads.ts';
import { PERF_FLAGS, perfDuring } from './perf.ts';
import type { Sample } from './report.ts';

const WARM_UPS = 2;
const SHOWN = 40;
const NAME_WIDTH = 110;

/** Profiles the limit and ours under the main loads and tells what each spends on a piece of work, and on what. */
export async function profile(bench: Bench, names: readonly string[]): Promise<string> {
  const wanted = Object.entries(PROFILED).filter(([name]) => names.length === 0 || names.includes(name));
  const sections: string[] = [];
  for (const [name, { piece }] of wanted) {
    bench.say(`profiling ${name}`);
    const limit = await profileOne(bench, name, startLimit);
    const ours = await profileOne(bench, name, startOurs);
    sections.push(`### ${name}: µs CPU a ${piece}\n\n${kindsTable(limit, ours)}\n\n${topList(ours)}`);
  }
  return sections.join('\n\n');
}

interface Profiled {
  readonly micros: number;
  readonly samples: readonly Sample[];
}

async function profileOne({ programs, load }: Bench, name: string, start: typeof startOurs): Promise<Profiled> {
  const spec = PROFILED[name]?.spec;
  if (spec === undefined) throw new Error(`nothing to profile by the name of ${name}`);
  const server = await start(programs, { nodeFlags: PERF_FLAGS });
  try {
    const prepared = await load.prepare(server.target, spec);
    for (let times = 0; times < WARM_UPS; times++) await prepared.run();
    await prepared.plan();
    let micros = 0;
    const samples = await perfDuring(server.child.pid, async () => {
      micros = cpuEach(await prepared.run());
    });
    await prepared.close();
    return { micros, samples };
  } finally {
    await server.stop();
  }
}

function kindsTable(limit: Profiled, ours: Profiled): string {
  const [limitShares, ourShares] = [sharesOf(limit.samples), sharesOf(ours.samples)];
  const row = (kind: string, theirs: number, own: number) => `| ${kind} | ${theirs.toFixed(2)} | ${own.toFixed(2)} |`;
  return [
    '| spent on | limit | ours |',
    '| --- | ---: | ---: |',
    ...KINDS.map((kind) =>
      row(kind, limit.micros * (limitShares.get(kind) ?? 0), ours.micros * (ourShares.get(kind) ?? 0)),
    ),
    row('all', limit.micros, ours.micros),
  ].join('\n');
}

/** The functions in which ours itself spends most. */
function topList({ micros, samples }: Profiled): string {
  const lines = samples.slice(0, SHOWN).map((sample) => {
    const name = sample.symbol.replace(/file:\/\/\S*\//, '').slice(0, NAME_WIDTH);
    return `${(micros * sample.share).toFixed(2).padStart(8)}  ${name} (${kindOf(sample)})`;
  });
  return ['```text', ...lines, '```'].join('\n');
}
