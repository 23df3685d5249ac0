import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figures/figure.ts';
import { startLimit, startOurs, type BenchServer, type StartOptions } from '../servers/bench-server.ts';
import { ownMemory } from '../servers/memory.ts';
import { collectGarbage } from '../servers/probe.ts';
import { alternate } from './alternate.ts';
import type { Bench, Scenario } from './scenario.ts';

const CONNECTIONS = 10_000;
const QUICK_CONNECTIONS = 3_000;
/** What is loaded only when the first client comes is no cost of the ten-thousandth. */
const FIRST = 20;
const SETTLE_MS = 2_000;
const ROUNDS = 3;

/** Bytes for each connection, as the system counts them: as they are, and when garbage has been collected. */
interface Growth {
  readonly asIs: number;
  readonly collected: number;
  readonly lost: number;
}

/**
 * Memory of idle, subscribed connections: how much a fresh process grows while they come. The first figure is what the
 * machine has to have; it holds garbage that nobody has been in need of collecting. The second is what is kept.
 */
export const memory: Scenario = {
  name: 'memory',
  summary: 'bytes for each idle, subscribed connection at 10,000',
  run: async (bench) => {
    const connections = bench.quick ? QUICK_CONNECTIONS : CONNECTIONS;
    const figures: Figure[] = [];
    const everywhere = [
      [1, 'one channel'],
      [connections, 'a channel each'],
    ] as const;
    for (const [channels, where] of bench.quick ? everywhere.slice(0, 1) : everywhere) {
      bench.say(`memory of ${connections.toLocaleString('en')} idle connections, ${where}`);
      const grow = (start: typeof startOurs) => () => growth(bench, start, connections, channels);
      const [limit = [], ours = []] = await alternate(
        [grow(startLimit), grow(startOurs)],
        bench.rounds ?? ROUNDS,
        (run) => run(),
      );
      const figure = (kind: 'asIs' | 'collected', target: number | null): Figure => ({
        label: `idle connection, ${where}${kind === 'asIs' ? '' : ', garbage collected'}`,
        unit: 'bytes',
        ours: ours.map((round) => round[kind]),
        base: limit.map((round) => round[kind]),
        target,
        losses: [...limit, ...ours].reduce((sum, { lost }) => sum + lost, 0),
        generatorBusy: false,
      });
      figures.push(figure('asIs', channels === 1 ? 2.5 : null), figure('collected', null));
    }
    return figures;
  },
};

async function growth(
  { programs, load }: Bench,
  start: (programs: Bench['programs'], options: StartOptions) => Promise<BenchServer>,
  connections: number,
  channels: number,
): Promise<Growth> {
  const server = await start(programs, { nodeFlags: ['--expose-gc', '--import', programs.probe] });
  try {
    const first = await load.prepare(server.target, { kind: 'idle', connections: FIRST, channels: 1 });
    await collectGarbage(server);
    await delay(SETTLE_MS);
    const before = ownMemory(server.child.pid);
    const many = await load.prepare(server.target, { kind: 'idle', connections, channels });
    await delay(SETTLE_MS);
    const asIs = ownMemory(server.child.pid) - before;
    await collectGarbage(server);
    await delay(SETTLE_MS);
    const collected = ownMemory(server.child.pid) - before;
    const { losses } = await many.run();
    await many.close();
    await first.close();
    return { asIs: asIs / connections, collected: collected / connections, lost: losses };
  } finally {
    await server.stop();
  }
}
