import { besideLimit } from './beside-limit.ts';
import { cpuFigure } from './cpu-figure.ts';
import type { Scenario } from './scenario.ts';

const CONNECTIONS = 16;
const REQUESTS = 20_000;
const QUICK_REQUESTS = 5_000;
const ROUNDS = 5;

export const restTrigger: Scenario = {
  name: 'rest-trigger',
  summary: 'signed REST triggers over keep-alive connections',
  run: async (bench) => {
    bench.say('signed REST triggers');
    const requests = bench.quick ? QUICK_REQUESTS : REQUESTS;
    const spec = { kind: 'rest-trigger', connections: CONNECTIONS, requests } as const;
    const results = await besideLimit(bench, spec, bench.rounds ?? ROUNDS);
    return [cpuFigure('signed REST trigger', 'request', results, 2)];
  },
};
