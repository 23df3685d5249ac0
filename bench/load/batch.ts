import { clientFrame } from './client-frame.ts';
import { HttpPool } from './http-pool.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import { EVENT, eventData } from './payload.ts';
import { sendAll } from './send-all.ts';
import { Tally } from './tally.ts';
import { WIRES } from './wires.ts';

/** As many events as `batch_events` takes at once. */
const BATCH = 10;

/** One event on each of many channels, ten a request; all channels belong to one subscriber. */
export async function batch(target: Target, { connections, channels }: SpecOf<'batch'>): Promise<Load> {
  const wire = WIRES[target.dialect];
  const names = Array.from({ length: channels }, (_, index) => `bench-${String(index).padStart(6, '0')}`);
  const [subscriber] = await openSubscribers(target, 1, () => 'bench-other');
  if (subscriber === undefined) throw new Error('no subscriber');
  for (const name of names) subscriber.sendReady(clientFrame(wire.subscribe(name, '')));
  await subscriber.until(2 + channels);
  const tally = new Tally([subscriber]);
  const pool = new HttpPool(target.port, connections);
  return {
    plan: async () => {
      await pool.renew();
      const items = names.map((channel, index) => ({ channel, event: EVENT, data: eventData(index) }));
      const requests = Array.from({ length: Math.ceil(channels / BATCH) }, (_, index) =>
        wire.batch(items.slice(index * BATCH, (index + 1) * BATCH)),
      );
      const mark = tally.mark();
      return async () => {
        const delivered = tally.next(channels);
        await sendAll(pool.connections, requests);
        await delivered;
        return { work: channels, losses: tally.losses(mark, channels) };
      };
    },
    close: () => {
      pool.destroy();
      subscriber.destroy();
    },
  };
}
