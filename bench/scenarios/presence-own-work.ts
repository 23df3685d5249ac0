import type { Figure } from '../figures/figure.ts';
import { startLimit, startOurs, type BenchServer } from '../servers/bench-server.ts';
import type { PreparedLoad } from '../servers/load-generator.ts';
import { alternate } from './alternate.ts';
import { cpuEach, isBusy, lossesOf } from './cpu-figure.ts';
import type { Bench } from './scenario.ts';

const FEW = 10;
const MANY = 5_000;
const QUICK_MANY = 1_000;
const JOINS = 300;
const WARM_UPS = 8;
const ROUNDS = 7;

/**
 * What a join costs by itself, at many members held beside at few. At 5,000 held a first join tells 5,000 others and
 * encodes a list of 5,000, which is hundreds of times what it does for itself: no subtraction finds that in there. So
 * members come with a second connection. Such a join is read, its signature is checked, it is counted and answered like
 * any other, but nobody is told and the list stands encoded; what the longer answer costs the limit to send is taken away.
 */
export async function ownWorkOfJoins(bench: Bench): Promise<readonly Figure[]> {
  const many = bench.quick ? QUICK_MANY : MANY;
  bench.say(`presence join's own work at ${many.toLocaleString('en')} held`);
  const servers: BenchServer[] = [];
  try {
    const loads: PreparedLoad[] = [];
    for (const held of [FEW, many]) {
      for (const start of [startLimit, startOurs]) {
        const server = await start(bench.programs);
        servers.push(server);
        loads.push(await bench.load.prepare(server.target, { kind: 'second-socket', held, joins: JOINS }));
      }
    }
    await alternate(loads, WARM_UPS, (load) => load.run());
    const results = await alternate(loads, bench.rounds ?? ROUNDS, (load) => load.run());
    const [limitAtFew = [], oursAtFew = [], limitAtMany = [], oursAtMany = []] = results.map((rounds) =>
      rounds.map(cpuEach),
    );
    const longerAnswer = limitAtMany.map((value, round) => value - (limitAtFew[round] ?? 0));
    return [
      {
        label: `presence join's own work at ${many.toLocaleString('en')} held`,
        unit: 'µs CPU a join',
        ours: oursAtMany.map((value, round) => value - (longerAnswer[round] ?? 0)),
        base: oursAtFew,
        baseName: `${String(FEW)} held`,
        target: 1.2,
        losses: lossesOf(results.flat()),
        generatorBusy: isBusy(results.flat()),
      },
    ];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
