import type { Figure } from '../figures/figure.ts';
import { besideLimit } from './beside-limit.ts';
import { cpuFigure } from './cpu-figure.ts';
import { ownWorkOfJoins } from './presence-own-work.ts';

import type { Scenario } from './scenario.ts';

/** Joins enough for a figure; at ten held each goes to a channel of its own, so that ten stay ten. */
const JOINS = [
  { held: 10, channels: 100, joinsEach: 1 },
  { held: 100, channels: 20, joinsEach: 5 },
  { held: 500, channels: 4, joinsEach: 25 },
  { held: 5_000, channels: 1, joinsEach: 25 },
] as const;
const ROUNDS = 5;
/** Runs are short, since most of a join is told to others; the code for it is compiled only after some hundreds. */
const WARM_UPS = 15;

/**
 * Joins at several sizes of the channel. All in, a join costs what it makes others hear and how long the member list
 * is; the limit sends the same frames. What is left of a join without them must not depend on the size.
 */
export const presenceJoin: Scenario = {
  name: 'presence-join',
  summary: 'presence joins at 10, 100, 500 and 5,000 members held',
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const size of bench.quick ? JOINS.slice(0, -1) : JOINS) {
      const label = `presence join at ${size.held.toLocaleString('en')} held, all in`;
      bench.say(label);
      const results = await besideLimit(bench, { kind: 'presence-join', ...size }, bench.rounds ?? ROUNDS, WARM_UPS);
      figures.push(cpuFigure(label, 'join', results, null));
    }
    return [...figures, ...(await ownWorkOfJoins(bench))];
  },
};
