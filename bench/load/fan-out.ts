import { HttpPool } from './http-pool.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import { EVENT, eventData } from './payload.ts';
import { sendAll } from './send-all.ts';
import { Tally } from './tally.ts';
import type { LoadSocket } from './web-socket.ts';
import { WIRES } from './wires.ts';

const CHANNEL = 'bench-channel';

/**
 * One event after the other to all subscribers of a channel. The next is sent when the last has reached everybody:
 * events that queue up would be written to a socket together, and the slower server would look the better for it.
 * With several nodes each has as many subscribers, and the work is one node's.
 */
export async function fanOut(target: Target, spec: SpecOf<'fan-out'>): Promise<Load> {
  const { subscribers, events, triggersPeers = false } = spec;
  const wire = WIRES[target.dialect];
  const sockets: LoadSocket[] = [];
  const ports = [target.port, ...(target.peers ?? [])];
  for (const port of ports) {
    sockets.push(...(await openSubscribers({ ...target, port }, subscribers, () => CHANNEL)));
  }
  const tally = new Tally(sockets);
  const pools = (triggersPeers ? ports : [target.port]).map((port) => new HttpPool(port, 1));
  return {
    plan: async () => {
      await Promise.all(pools.map((pool) => pool.renew()));
      const requests = Array.from({ length: events }, (_, index) => wire.trigger(CHANNEL, EVENT, eventData(index)));
      const mark = tally.mark();
      return async () => {
        for (const request of requests) {
          const delivered = tally.next(sockets.length);
          await Promise.all(pools.map((pool) => sendAll(pool.connections, [request])));
          if (!(await delivered)) break;
        }
        return { work: subscribers * events, losses: tally.losses(mark, events) };
      };
    },
    close: () => {
      for (const pool of pools) pool.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}
