import type { Figure } from '../figures/figure.ts';
import { besideLimit } from './beside-limit.ts';
import { cpuFigure } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

const SIZES = [
  { subscribers: 100, target: 1.15 },
  { subscribers: 1_000, target: 1.1 },
  { subscribers: 5_000, target: 1.1 },
];
/** A run's deliveries: enough for a second of work. */
const DELIVERIES = 200_000;
const QUICK_DELIVERIES = 40_000;
const ROUNDS = 5;

export const fanOut: Scenario = {
  name: 'fan-out',
  summary: 'one event to 100, 1,000 and 5,000 subscribers',
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const { subscribers, target } of SIZES) {
      const label = `fan-out to ${subscribers.toLocaleString('en')}`;
      bench.say(label);
      const events = Math.ceil((bench.quick ? QUICK_DELIVERIES : DELIVERIES) / subscribers);
      const results = await besideLimit(bench, { kind: 'fan-out', subscribers, events }, bench.rounds ?? ROUNDS);
      figures.push(cpuFigure(label, 'delivery', results, target));
    }
    return figures;
  },
};
