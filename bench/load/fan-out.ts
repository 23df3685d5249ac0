import { HttpConnection } from './http-connection.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import { EVENT, eventData } from './payload.ts';
import { Tally } from './tally.ts';
import { WIRES } from './wires.ts';

const CHANNEL = 'bench-channel';

/**
 * One event after the other to all subscribers of a channel. The next is sent when the last has reached everybody:
 * events that queue up would be written to a socket together, and the slower server would look the better for it.
 */
export async function fanOut(target: Target, spec: SpecOf<'fan-out'>): Promise<Load> {
  const { subscribers, events } = spec;
  const wire = WIRES[target.dialect];
  const sockets = await openSubscribers(target, subscribers, () => CHANNEL);
  const tally = new Tally(sockets);
  const http = await HttpConnection.open(target.port);
  return {
    plan: () => {
      const requests = Array.from({ length: events }, (_, index) => wire.trigger(CHANNEL, EVENT, eventData(index)));
      const mark = tally.mark();
      return Promise.resolve(async () => {
        for (const request of requests) {
          const delivered = tally.next(subscribers);
          await http.request(request);
          if (!(await delivered)) break;
        }
        return { work: subscribers * events, losses: tally.losses(mark, events) };
      });
    },
    close: () => {
      http.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}
