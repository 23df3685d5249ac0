import { HttpPool } from './http-pool.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import { EVENT, eventData } from './payload.ts';
import { sendAll } from './send-all.ts';
import { Tally } from './tally.ts';
import { WIRES } from './wires.ts';

const CHANNEL = 'bench-channel';

/** Triggers over several keep-alive connections, one under way on each; one subscriber gets every event. */
export async function restTrigger(target: Target, spec: SpecOf<'rest-trigger'>): Promise<Load> {
  const wire = WIRES[target.dialect];
  const subscribers = await openSubscribers(target, 1, () => CHANNEL);
  const tally = new Tally(subscribers);
  const pool = new HttpPool(target.port, spec.connections);
  return {
    plan: async () => {
      await pool.renew();
      const requests = Array.from({ length: spec.requests }, (_, index) =>
        wire.trigger(CHANNEL, EVENT, eventData(index)),
      );
      const mark = tally.mark();
      return async () => {
        const delivered = tally.next(spec.requests);
        await sendAll(pool.connections, requests);
        await delivered;
        return { work: spec.requests, losses: tally.losses(mark, spec.requests) };
      };
    },
    close: () => {
      pool.destroy();
      for (const socket of subscribers) socket.destroy();
    },
  };
}
