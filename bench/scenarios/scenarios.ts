import { fanOut } from './fan-out.ts';
import { restTrigger } from './rest-trigger.ts';
import type { Scenario } from './scenario.ts';

/** Everything that is measured, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [fanOut, restTrigger];
