import { it } from 'vitest';
import { agreeOver } from '../../pusher-server/tests/model/agree.ts';

const RUNS = 2_000;
const STEPS = 50;
const LIMIT_MS = 1_800_000;

it(
  'over 2,000 random runs of 50 steps the realtime server is as the model says, after every step',
  () => agreeOver(RUNS, STEPS, LIMIT_MS),
  LIMIT_MS + 60_000,
);
