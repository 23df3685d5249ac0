import type { Figure } from '../figures/figure.ts';
import type { LoadSpec } from '../load/messages.ts';
import { startOurs, type BenchServer } from '../servers/bench-server.ts';
import { alternate } from './alternate.ts';
import { cpuEach, isBusy, lossesOf } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

const HELD = [1, 1_000, 50_000] as const;
const WARM_UPS = 4;
const ROUNDS = 7;

interface Measured {
  readonly label: string;
  readonly piece: string;
  readonly spec: LoadSpec;
}

/** What is measured while other channels are held; sizes as in the scenarios of the same names, or smaller. */
const MEASURED: readonly Measured[] = [
  { label: 'fan-out to 100', piece: 'delivery', spec: { kind: 'fan-out', subscribers: 100, events: 800 } },
  { label: 'REST trigger', piece: 'request', spec: { kind: 'rest-trigger', connections: 16, requests: 8_000 } },
  { label: 'connect', piece: 'connection', spec: { kind: 'connect', connections: 1_500, atOnce: 50 } },
  { label: 'client event', piece: 'delivery', spec: { kind: 'client-event', members: 10, events: 2_000 } },
  { label: 'presence join', piece: 'join', spec: { kind: 'presence-join', held: 10, channels: 800, joinsEach: 1 } },
  { label: 'visit', piece: 'visit', spec: { kind: 'churn', cycles: 1_000, atOnce: 50 } },
];

/** Our server beside itself: what the same work costs while others hold 1,000 and 50,000 channels, and only one. */
export const manyChannels: Scenario = {
  name: 'many-channels',
  summary: 'the same figures with 1, 1,000 and 50,000 other channels held',
  run: async (bench) => {
    bench.say('many channels: filling');
    const servers: BenchServer[] = [];
    const figures: Figure[] = [];
    try {
      for (const channels of HELD) {
        const server = await startOurs(bench.programs);
        servers.push(server);
        await bench.load.prepare(server.target, { kind: 'held-channels', channels });
      }
      for (const { label, piece, spec } of bench.quick ? MEASURED.slice(0, 2) : MEASURED) {
        bench.say(`many channels: ${label}`);
        const loads = [];
        for (const { target } of servers) loads.push(await bench.load.prepare(target, spec));
        await alternate(loads, WARM_UPS, (load) => load.run());
        const [one = [], ...more] = await alternate(loads, bench.rounds ?? ROUNDS, (load) => load.run());
        for (const load of loads) await load.close();
        for (const [index, results] of more.entries()) {
          figures.push({
            label: `${label}, ${(HELD[index + 1] ?? 0).toLocaleString('en')} other channels`,
            unit: `µs CPU a ${piece}`,
            ours: results.map(cpuEach),
            base: one.map(cpuEach),
            baseName: '1 other channel',
            target: 1.15,
            losses: lossesOf([...one, ...results]),
            generatorBusy: isBusy([...one, ...results]),
          });
        }
      }
      return figures;
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  },
};
