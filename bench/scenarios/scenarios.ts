import { batch } from './batch.ts';
import { churn } from './churn.ts';
import { clientEvent } from './client-event.ts';
import { connect } from './connect.ts';
import { fanOut } from './fan-out.ts';
import { latency } from './latency.ts';
import { liveChat } from './live-chat.ts';
import { manyChannels } from './many-channels.ts';
import { memory } from './memory.ts';
import { presenceJoin } from './presence-join.ts';
import { restTrigger } from './rest-trigger.ts';
import type { Scenario } from './scenario.ts';
import { twoNodes } from './two-nodes.ts';

/** Everything that is measured, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  fanOut,
  restTrigger,
  batch,
  connect,
  memory,
  presenceJoin,
  clientEvent,
  latency,
  churn,
  manyChannels,
  twoNodes,
  liveChat,
];
