import { clientFrame } from './client-frame.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import { eventData } from './payload.ts';
import { Tally } from './tally.ts';
import { WIRES } from './wires.ts';

const CHANNEL = 'private-bench';

/** The members of a channel talk in turn; the next says something when all others have heard the last. */
export async function clientEvent(target: Target, { members, events }: SpecOf<'client-event'>): Promise<Load> {
  const wire = WIRES[target.dialect];
  const sockets = await openSubscribers(target, members, () => CHANNEL);
  const tally = new Tally(sockets);
  return {
    plan: () => {
      // Whole turns, so that each has heard as much as every other.
      const turns = Math.ceil(events / members);
      const frames = Array.from({ length: turns * members }, (_, index) =>
        clientFrame(wire.clientEvent(CHANNEL, eventData(index))),
      );
      const mark = tally.mark();
      return Promise.resolve(async () => {
        for (const [index, frame] of frames.entries()) {
          const heard = tally.next(members - 1);
          sockets[index % members]?.sendReady(frame);
          if (!(await heard)) break;
        }
        return { work: frames.length * (members - 1), losses: tally.losses(mark, turns * (members - 1)) };
      });
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
