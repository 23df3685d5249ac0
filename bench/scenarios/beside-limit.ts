import type { LoadResult, LoadSpec } from '../load/messages.ts';
import type { BenchServer } from '../servers/bench-server.ts';
import { startLimit, startOurs } from '../servers/bench-server.ts';
import { alternate } from './alternate.ts';
import type { Bench } from './scenario.ts';

/** Both sides' results, one a round. */
export interface BesideLimit {
  readonly limit: readonly LoadResult[];
  readonly ours: readonly LoadResult[];
}

/** Runs made before the first that counts, until the code that is measured is compiled. */
const WARM_UPS = 5;

/** Puts the same load on the limit and on ours in turn. Both keep their processes and connections over all rounds. */
export async function besideLimit(
  bench: Bench,
  spec: LoadSpec,
  rounds: number,
  warmUps = WARM_UPS,
): Promise<BesideLimit> {
  const servers: BenchServer[] = [];
  try {
    servers.push(await startLimit(bench.programs), await startOurs(bench.programs));
    const loads = [];
    for (const { target } of servers) loads.push(await bench.load.prepare(target, spec));
    await alternate(loads, warmUps, (load) => load.run());
    const [limit = [], ours = []] = await alternate(loads, rounds, (load) => load.run());
    for (const load of loads) await load.close();
    return { limit, ours };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
