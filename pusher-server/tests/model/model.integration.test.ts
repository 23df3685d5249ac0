import { it } from 'vitest';
import { agreeOver } from './agree.ts';

const RUNS = 100;
const STEPS = 50;
const LIMIT_MS = 180_000;

it(
  'F6, S1, P5, W2: over 100 random runs of 50 steps the server is as the model says, after every step',
  () => agreeOver(RUNS, STEPS, LIMIT_MS),
  LIMIT_MS + 20_000,
);
