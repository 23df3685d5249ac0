import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';

/** Clients that are connected and subscribed and do nothing; a run only looks whether all are still there. */
export async function idle(target: Target, { connections, channels }: SpecOf<'idle'>): Promise<Load> {
  const sockets = await openSubscribers(target, connections, (index) => `bench-channel-${String(index % channels)}`);
  return {
    plan: () =>
      Promise.resolve(() =>
        Promise.resolve({ work: connections, losses: sockets.filter((socket) => socket.lost).length }),
      ),
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
