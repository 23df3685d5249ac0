import { clientFrame } from './client-frame.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openClients, type Client } from './open-subscribers.ts';
import { memberId } from './payload.ts';
import { Tally } from './tally.ts';
import { WIRES } from './wires.ts';

const LOT = 100;

/**
 * Newcomers join presence channels that hold many members already: `joinsEach` to each of `channels`, one after the
 * other, the next when all members have heard of the last. They leave again before the next run, unmeasured.
 */
export async function presenceJoin(target: Target, spec: SpecOf<'presence-join'>): Promise<Load> {
  const { held, channels, joinsEach } = spec;
  const wire = WIRES[target.dialect];
  const names = Array.from({ length: channels }, (_, index) => `presence-bench-${String(index).padStart(4, '0')}`);
  const members = await openClients(target, held);
  const newcomers = await openClients(target, joinsEach);
  const tally = new Tally([...members, ...newcomers].map(({ socket }) => socket));
  await fill(target, members, names, tally);
  const idOf = (index: number) => memberId(held + index);
  let joined = false;

  const leaveAll = async () => {
    for (const name of names) {
      for (const [index, { socket }] of newcomers.entries()) {
        const heard = tally.next(held + joinsEach - index - 1);
        socket.send(wire.leave(name, idOf(index)));
        if (!(await heard)) throw new Error('a leaving was not told to all');
      }
    }
  };

  return {
    plan: async () => {
      if (joined) await leaveAll();
      joined = true;
      const joins = names.flatMap((name) =>
        newcomers.map(({ socket, socketId }, index) => ({
          socket,
          frame: clientFrame(wire.join(name, socketId, idOf(index), held + index)),
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

/**
 * Joins the members to all channels, some at a time, each lot when everybody has heard of the last. On the limit they
 * only subscribe: nobody need be told of them.
 */
async function fill(
  { dialect }: Target,
  members: readonly Client[],
  names: readonly string[],
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
        socket.send(isTold ? wire.join(name, socketId, memberId(first + index), 0) : wire.subscribe(name, socketId));
      }
    }
    if (!(await heard)) throw new Error('the channels could not be filled');
  }
}
