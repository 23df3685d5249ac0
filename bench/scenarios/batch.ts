import { besideLimit } from './beside-limit.ts';
import { cpuFigure } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

/** One request after the other: events of several would be written to the one subscriber together. */
const CONNECTIONS = 1;
const CHANNELS = 10_000;
const QUICK_CHANNELS = 5_000;
const ROUNDS = 7;

export const batch: Scenario = {
  name: 'batch',
  summary: 'batch_events over 10,000 channels of one subscriber',
  run: async (bench) => {
    const channels = bench.quick ? QUICK_CHANNELS : CHANNELS;
    const label = `batch_events over ${channels.toLocaleString('en')} channels`;
    bench.say(label);
    const results = await besideLimit(
      bench,
      { kind: 'batch', connections: CONNECTIONS, channels },
      bench.rounds ?? ROUNDS,
    );
    return [cpuFigure(label, 'delivery', results, 1.6)];
  },
};
