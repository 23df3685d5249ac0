import { besideLimit } from './beside-limit.ts';
import { cpuFigure } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

const AT_ONCE = 50;
const CONNECTIONS = 4_000;
const QUICK_CONNECTIONS = 1_000;
const ROUNDS = 5;

export const connect: Scenario = {
  name: 'connect',
  summary: 'connecting and subscribing',
  run: async (bench) => {
    bench.say('connect and subscribe');
    const connections = bench.quick ? QUICK_CONNECTIONS : CONNECTIONS;
    const spec = { kind: 'connect', connections, atOnce: AT_ONCE } as const;
    const results = await besideLimit(bench, spec, bench.rounds ?? ROUNDS);
    return [cpuFigure('connect + subscribe', 'connection', results, 2)];
  },
};
