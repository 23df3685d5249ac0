import type { Target } from './messages.ts';
import type { Client } from './open-subscribers.ts';
import type { Tally } from './tally.ts';
import type { Member } from './wire.ts';
import { WIRES } from './wires.ts';

const LOT = 100;

/**
 * Joins the members to all channels, some at a time, each lot when everybody has heard of the last. On the limit they
 * only subscribe: nobody need be told of them.
 */
export async function fillPresence(
  { dialect }: Target,
  members: readonly Client[],
  names: readonly string[],
  memberOf: (index: number) => Member,
  tally: Tally,
): Promise<void> {
  const wire = WIRES[dialect];
  const isTold = dialect === 'pusher';
  for (let first = 0; first < members.length; first += LOT) {
    const lot = members.slice(first, first + LOT);
    // Each is answered, and everybody before it hears of it.
    const frames = lot.reduce((sum, _, index) => sum + 1 + (isTold ? first + index : 0), 0) * names.length;
    const heard = tally.next(frames);
    for (const [index, { socket, socketId }] of lot.entries()) {
      for (const name of names) {
        socket.send(isTold ? wire.join(name, socketId, memberOf(first + index), 0) : wire.subscribe(name, socketId));
      }
    }
    if (!(await heard)) throw new Error('the channels could not be filled');
  }
}
