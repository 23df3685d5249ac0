import { setTimeout as delay } from 'node:timers/promises';
import { findRedisServer } from '../../scripts/setup/system-packages.mjs';
import { startRedis } from '../../test-support/redis.ts';
import type { Figure } from '../figures/figure.ts';
import type { LoadResult, Target } from '../load/messages.ts';
import { startOurs, type BenchServer } from '../servers/bench-server.ts';
import { LOAD_CORE, moveTo, SERVER_CORE } from '../servers/child-process.ts';
import type { PreparedLoad } from '../servers/load-generator.ts';
import { alternate } from './alternate.ts';
import { isBusy, lossesOf } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

const SUBSCRIBERS = 1_000;
const EVENTS = 200;
const QUICK_EVENTS = 40;
const WARM_UPS = 2;
const ROUNDS = 7;
/** Nodes find each other, and what they subscribe to is confirmed. */
const SETTLE_MS = 1_500;

/** A fan-out over two nodes that Redis joins, beside the same on one node alone: what each node pays for a delivery. */
export const twoNodes: Scenario = {
  name: 'two-nodes',
  summary: 'fan-out to 1,000 subscribers on each of two nodes, joined by Redis',
  run: async (bench) => {
    if (findRedisServer() === null) {
      bench.say('two nodes: left out, since there is no redis-server on PATH (install redis-server)');
      return [];
    }
    bench.say('two nodes with Redis');
    const redis = await startRedis();
    const servers: BenchServer[] = [];
    try {
      const alone = await startOurs(bench.programs);
      servers.push(alone);
      const joined = { env: { REDIS_URL: redis.url } };
      const [first, second] = [await startOurs(bench.programs, joined), await startOurs(bench.programs, joined)];
      servers.push(first, second);
      moveTo(LOAD_CORE, await redis.pid());
      const pair: Target = {
        ...first.target,
        peers: [second.target.port],
        pids: [first.child.pid, second.child.pid],
      };
      await delay(SETTLE_MS);
      const events = bench.quick ? QUICK_EVENTS : EVENTS;
      const load = { kind: 'fan-out', subscribers: SUBSCRIBERS, events } as const;
      const byItself = await bench.load.prepare(alone.target, load);
      const together = await bench.load.prepare(pair, load);
      await delay(SETTLE_MS);
      const contestants = [
        () => byItself.run(),
        () => measuredApart(together, first, second),
        () => measuredApart(together, second, first),
      ];
      await alternate(contestants, WARM_UPS, (run) => run());
      const [single = [], triggered = [], other = []] = await alternate(contestants, bench.rounds ?? ROUNDS, (run) =>
        run(),
      );
      await byItself.close();
      await together.close();
      const figure = (label: string, results: readonly LoadResult[], node: number): Figure => ({
        label,
        unit: 'µs CPU a delivery',
        ours: results.map((result) => cpuOf(result, node)),
        base: single.map((result) => cpuOf(result, 0)),
        baseName: 'one node alone',
        target: 1.2,
        losses: lossesOf([...single, ...results]),
        generatorBusy: isBusy([...single, ...results]),
      });
      return [figure('two nodes: the one that is triggered', triggered, 0), figure('two nodes: the other', other, 1)];
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await redis.drop();
    }
  },
};

/** Two nodes stand on two machines: the one that is measured has a core to itself, like the one alone. */
function measuredApart(load: PreparedLoad, measured: BenchServer, other: BenchServer): Promise<LoadResult> {
  moveTo(SERVER_CORE, measured.child.pid);
  moveTo(LOAD_CORE, other.child.pid);
  return load.run();
}

function cpuOf({ cpuMicros, work }: LoadResult, node: number): number {
  return (cpuMicros[node] ?? Number.NaN) / work;
}
