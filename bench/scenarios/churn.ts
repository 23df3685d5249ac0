import { besideLimit } from './beside-limit.ts';
import { cpuFigure } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

const AT_ONCE = 50;
const CYCLES = 3_000;
const QUICK_CYCLES = 1_000;
const ROUNDS = 5;

export const churn: Scenario = {
  name: 'churn',
  summary: 'connect, subscribe to an own channel, get an event, close; with a ledger',
  run: async (bench) => {
    bench.say('churn');
    const cycles = bench.quick ? QUICK_CYCLES : CYCLES;
    const results = await besideLimit(bench, { kind: 'churn', cycles, atOnce: AT_ONCE }, bench.rounds ?? ROUNDS);
    return [cpuFigure('churn: a whole visit', 'visit', results, null)];
  },
};
