import { clientFrame } from './client-frame.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { fillPresence } from './fill-presence.ts';
import { openClients } from './open-subscribers.ts';
import { memberId, userInfo } from './payload.ts';
import { Tally } from './tally.ts';
import { WIRES } from './wires.ts';

/**
 * Newcomers join presence channels that hold many members already: `joinsEach` to each of `channels`, one after the
 * other, the next when all members have heard of the last. They leave again before the next run, unmeasured.
 */
export async function presenceJoin(target: Target, spec: SpecOf<'presence-join'>): Promise<Load> {
  const { held, channels, joinsEach } = spec;
  const wire = WIRES[target.dialect];
  const names = Array.from({ length: channels }, (_, index) => `presence-bench-${String(index).padStart(4, '0')}`);
  const members = await openClients(target, held);
  const memberOf = (index: number) => ({ userId: memberId(index), userInfo: userInfo(index) });
  const newcomers = await openClients(target, joinsEach);
  const tally = new Tally([...members, ...newcomers].map(({ socket }) => socket));
  await fillPresence(target, members, names, memberOf, tally);
  let joined = false;

  const leaveAll = async () => {
    for (const name of names) {
      // The members hear of all of them, the newcomers of those that leave before them.
      const heard = tally.next(joinsEach * held + (joinsEach * (joinsEach - 1)) / 2);
      for (const [index, { socket }] of newcomers.entries()) socket.send(wire.leave(name, memberId(held + index)));
      if (!(await heard)) throw new Error('a leaving was not told to all');
    }
  };

  return {
    plan: async () => {
      if (joined) await leaveAll();
      joined = true;
      const joins = names.flatMap((name) =>
        newcomers.map(({ socket, socketId }, index) => ({
          socket,
          frame: clientFrame(wire.join(name, socketId, memberOf(held + index), held + index)),
          heardBy: held + index + 1,
        })),
      );
      return async () => {
        let losses = 0;
        for (const { socket, frame, heardBy } of joins) {
          // The others hear of it, and the newcomer is answered.
          const heard = tally.next(heardBy);
          socket.sendReady(frame);
          if (!(await heard)) losses += 1;
        }
        return { work: joins.length, losses };
      };
    },
    close: () => {
      for (const { socket } of [...members, ...newcomers]) socket.destroy();
    },
  };
}
