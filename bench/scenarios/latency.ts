import type { Figure } from '../figures/figure.ts';
import type { LoadResult } from '../load/messages.ts';
import { besideLimit } from './beside-limit.ts';
import { isBusy, lossesOf } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

/** 20,000 deliveries a second. */
const SUBSCRIBERS = 100;
const PER_SECOND = 200;
const SECONDS = 4;
const QUICK_SECONDS = 2;
const ROUNDS = 7;

export const latency: Scenario = {
  name: 'latency',
  summary: 'end-to-end latency at 20,000 deliveries a second',
  run: async (bench) => {
    bench.say('latency at 20,000 deliveries a second');
    const seconds = bench.quick ? QUICK_SECONDS : SECONDS;
    const { limit, ours } = await besideLimit(
      bench,
      { kind: 'latency', subscribers: SUBSCRIBERS, perSecond: PER_SECOND, seconds },
      bench.rounds ?? ROUNDS,
    );
    const figure = (share: 'p50' | 'p99', target: number | null): Figure => {
      const times = (results: readonly LoadResult[]) => results.map(({ latencyMs }) => latencyMs?.[share] ?? Infinity);
      return {
        label: `end-to-end ${share} at 20,000 deliveries a second`,
        unit: 'ms',
        ours: times(ours),
        base: times(limit),
        target,
        losses: lossesOf([...limit, ...ours]),
        generatorBusy: isBusy([...limit, ...ours]),
      };
    };
    return [figure('p50', null), figure('p99', 1.2)];
  },
};
