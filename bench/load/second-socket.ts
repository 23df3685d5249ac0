import { clientFrame } from './client-frame.ts';
import { fillPresence } from './fill-presence.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openClients } from './open-subscribers.ts';
import { memberId } from './payload.ts';
import { Tally } from './tally.ts';
import { WIRES } from './wires.ts';

const CHANNEL = 'presence-bench';

/**
 * Members of a presence channel come with a second connection, one after the other: everything that a join is, but
 * nobody has to hear of it and the member list stays as it was. They go again before the next run, unmeasured.
 */
export async function secondSocket(target: Target, { held, joins }: SpecOf<'second-socket'>): Promise<Load> {
  const wire = WIRES[target.dialect];
  const memberOf = (index: number) => ({ userId: memberId(index), userInfo: null });
  const members = await openClients(target, held);
  const seconds = await openClients(target, joins);
  const tally = new Tally([...members, ...seconds].map(({ socket }) => socket));
  await fillPresence(target, members, [CHANNEL], memberOf, tally);
  let joined = false;
  return {
    plan: () => {
      if (joined) for (const { socket } of seconds) socket.send(wire.leave(CHANNEL, null));
      joined = true;
      const frames = seconds.map(({ socketId }, index) =>
        clientFrame(wire.joinAgain(CHANNEL, socketId, memberOf(index % held), held)),
      );
      const mark = tally.mark();
      return Promise.resolve(async () => {
        for (const [index, { socket }] of seconds.entries()) {
          const answered = tally.next(1);
          socket.sendReady(frames[index] ?? Buffer.alloc(0));
          if (!(await answered)) break;
        }
        // One answer for each who came, and nothing for anybody else.
        const losses = tally.lossesOf(mark, (index) => (index < held ? 0 : 1));
        return { work: joins, losses };
      });
    },
    close: () => {
      for (const { socket } of [...members, ...seconds]) socket.destroy();
    },
  };
}
