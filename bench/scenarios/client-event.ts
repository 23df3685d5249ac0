import type { Figure } from '../figures/figure.ts';
import { besideLimit } from './beside-limit.ts';
import { cpuFigure } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

const SIZES = [
  { members: 10, events: 4_000 },
  { members: 100, events: 1_500 },
];
const ROUNDS = 5;

export const clientEvent: Scenario = {
  name: 'client-event',
  summary: 'client events among 10 and 100 members of a private channel',
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const { members, events } of SIZES) {
      const label = `client events among ${String(members)}`;
      bench.say(label);
      const results = await besideLimit(
        bench,
        { kind: 'client-event', members, events: bench.quick ? events / 5 : events },
        bench.rounds ?? ROUNDS,
      );
      figures.push(cpuFigure(label, 'delivery', results, 1.25));
    }
    return figures;
  },
};
