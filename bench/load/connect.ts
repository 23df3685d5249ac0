import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import type { LoadSocket } from './web-socket.ts';

const CHANNEL = 'bench-channel';

/** Connects and subscribes; what a run has opened is closed before the next, unmeasured. */
export function connect(target: Target, { connections, atOnce }: SpecOf<'connect'>): Load {
  let open: LoadSocket[] = [];
  const close = () => {
    for (const socket of open) socket.destroy();
    open = [];
  };
  return {
    plan: () => {
      close();
      return Promise.resolve(async () => {
        open = await openSubscribers(target, connections, () => CHANNEL, atOnce);
        const losses = open.filter((socket) => socket.lost).length;
        return { work: connections, losses };
      });
    },
    close,
  };
}
