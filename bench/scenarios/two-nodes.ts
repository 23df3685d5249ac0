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

/**
 * A fan-out over two nodes that Redis joins: what each node pays for a delivery. Beside it the same on one node alone,
 * and on one of two that know nothing of each other and are both triggered: what two cost a machine without being joined.
 */
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
      const start = async (env: Readonly<Record<string, string>>) => {
        const server = await startOurs(bench.programs, { env });
        servers.push(server);
        return server;
      };
      const joined = { REDIS_URL: redis.url };
      const alone = await start({});
      const [one, another] = [await start({}), await start({})];
      const [first, second] = [await start(joined), await start(joined)];
      moveTo(LOAD_CORE, await redis.pid());
      await delay(SETTLE_MS);
      const load = { kind: 'fan-out', subscribers: SUBSCRIBERS, events: bench.quick ? QUICK_EVENTS : EVENTS } as const;
      const single = await bench.load.prepare(alone.target, load);
      const strangers = await bench.load.prepare(pairOf(one, another), { ...load, triggersPeers: true });
      const nodes = await bench.load.prepare(pairOf(first, second), load);
      await delay(SETTLE_MS);
      const contestants = [
        () => single.run(),
        () => measuredApart(strangers, one, another),
        () => measuredApart(nodes, first, second),
        () => measuredApart(nodes, second, first),
      ];
      await alternate(contestants, WARM_UPS, (run) => run());
      const results = await alternate(contestants, bench.rounds ?? ROUNDS, (run) => run());
      for (const prepared of [single, strangers, nodes]) await prepared.close();
      const [byItself = [], beside = [], triggered = [], other = []] = results;
      const figure = (label: string, measured: readonly LoadResult[], node: number, base: Base): Figure => ({
        label,
        unit: 'µs CPU a delivery',
        ours: measured.map((result) => cpuOf(result, node)),
        base: base.results.map((result) => cpuOf(result, 0)),
        baseName: base.name,
        target: base.target,
        losses: lossesOf([...base.results, ...measured]),
        generatorBusy: isBusy([...base.results, ...measured]),
      });
      const oneAlone: Base = { name: 'one node alone', results: byItself, target: 1.2 };
      const notJoined: Base = { name: 'one of two that are not joined', results: beside, target: null };
      return [
        figure('two nodes: the one that is triggered', triggered, 0, oneAlone),
        figure('two nodes: the other', other, 1, oneAlone),
        figure('two nodes: the one that is triggered', triggered, 0, notJoined),
        figure('two nodes: the other', other, 1, notJoined),
      ];
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await redis.drop();
    }
  },
};

/** What the nodes' figures stand beside. */
interface Base {
  readonly name: string;
  readonly results: readonly LoadResult[];
  readonly target: number | null;
}

function pairOf(first: BenchServer, second: BenchServer): Target {
  return { ...first.target, peers: [second.target.port], pids: [first.child.pid, second.child.pid] };
}

/** Two nodes stand on two machines: the one that is measured has a core to itself, like the one alone. */
function measuredApart(load: PreparedLoad, measured: BenchServer, other: BenchServer): Promise<LoadResult> {
  moveTo(SERVER_CORE, measured.child.pid);
  moveTo(LOAD_CORE, other.child.pid);
  return load.run();
}

function cpuOf({ cpuMicros, work }: LoadResult, node: number): number {
  return (cpuMicros[node] ?? Number.NaN) / work;
}
