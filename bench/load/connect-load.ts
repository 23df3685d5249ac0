import { batch } from './batch.ts';
import { chat } from './chat.ts';
import { churn } from './churn.ts';
import { clientEvent } from './client-event.ts';
import { connect } from './connect.ts';
import { fanOut } from './fan-out.ts';
import { heldChannels } from './held-channels.ts';
import { idle } from './idle.ts';
import { latency } from './latency.ts';
import type { Load } from './load.ts';
import type { LoadSpec, Target } from './messages.ts';
import { presenceJoin } from './presence-join.ts';
import { restTrigger } from './rest-trigger.ts';
import { secondSocket } from './second-socket.ts';

/** Connects what a load needs. */
export function connectLoad(target: Target, spec: LoadSpec): Load | Promise<Load> {
  switch (spec.kind) {
    case 'fan-out':
      return fanOut(target, spec);
    case 'rest-trigger':
      return restTrigger(target, spec);
    case 'batch':
      return batch(target, spec);
    case 'connect':
      return connect(target, spec);
    case 'client-event':
      return clientEvent(target, spec);
    case 'presence-join':
      return presenceJoin(target, spec);
    case 'second-socket':
      return secondSocket(target, spec);
    case 'latency':
      return latency(target, spec);
    case 'churn':
      return churn(target, spec);
    case 'chat':
      return chat(target, spec);
    case 'idle':
      return idle(target, spec);
    case 'held-channels':
      return heldChannels(target, spec);
  }
}
