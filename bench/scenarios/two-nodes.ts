import { setTimeout as delay } from 'node:timers/promises';
import { findRedisServer } from '../../scripts/setup/system-packages.mjs';
import { startRedis } from '../../test-support/redis.ts';
import type { Figure } from '../figures/figure.ts';
import type { LoadResult, Target } from '../load/messages.ts';
import { startOurs, type BenchServer } from '../servers/bench-server.ts';
import { alternate } from './alternate.ts';
import { isBusy, lossesOf } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

const SUBSCRIBERS = 1_000;
const EVENTS = 200;
const QUICK_EVENTS = 40;
const WARM_UPS = 2;
const ROUNDS = 5;
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
      // On one core the two would be in each other's way, as the one alone never is.
      const alone = await startOurs(bench.programs, { core: null });
      servers.push(alone);
      const joined = { core: null, env: { REDIS_URL: redis.url } };
      const [first, second] = [await startOurs(bench.programs, joined), await startOurs(bench.programs, joined)];
      servers.push(first, second);
      const pair: Target = {
        ...first.target,
        peers: [second.target.port],
        pids: [first.child.pid, second.child.pid],
      };
      await delay(SETTLE_MS);
      const events = bench.quick ? QUICK_EVENTS : EVENTS;
      const loads = [];
      for (const target of [alone.target, pair]) {
        loads.push(await bench.load.prepare(target, { kind: 'fan-out', subscribers: SUBSCRIBERS, events }));
      }
      await delay(SETTLE_MS);
      await alternate(loads, WARM_UPS, (load) => load.run());
      const [single = [], double = []] = await alternate(loads, bench.rounds ?? ROUNDS, (load) => load.run());
      for (const load of loads) await load.close();
      const figure = (label: string, node: number): Figure => ({
        label,
        unit: 'µs CPU a delivery',
        ours: double.map((result) => cpuOf(result, node)),
        base: single.map((result) => cpuOf(result, 0)),
        baseName: 'one node alone',
        target: 1.2,
        losses: lossesOf([...single, ...double]),
        generatorBusy: isBusy([...single, ...double]),
      });
      return [figure('two nodes: the one that is triggered', 0), figure('two nodes: the other', 1)];
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await redis.drop();
    }
  },
};

function cpuOf({ cpuMicros, work }: LoadResult, node: number): number {
  return (cpuMicros[node] ?? Number.NaN) / work;
}
