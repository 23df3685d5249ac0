import { clientFrame } from './client-frame.ts';
import type { Load } from './load.ts';
import type { SpecOf, Target } from './messages.ts';
import { openSubscribers } from './open-subscribers.ts';
import { WIRES } from './wires.ts';

/** Channels of one connection; more connections hold the rest. */
const EACH = 1_000;

/** Other channels, held by a few clients while something else is measured. */
export async function heldChannels(target: Target, { channels }: SpecOf<'held-channels'>): Promise<Load> {
  const wire = WIRES[target.dialect];
  const sockets = await openSubscribers(target, Math.ceil(channels / EACH), (index) => `held-${String(index * EACH)}`);
  for (const [holder, socket] of sockets.entries()) {
    const first = holder * EACH;
    const last = Math.min(first + EACH, channels);
    for (let index = first + 1; index < last; index++) {
      socket.sendReady(clientFrame(wire.subscribe(`held-${String(index)}`, '')));
    }
    await socket.until(1 + last - first);
  }
  return {
    plan: () =>
      Promise.resolve(() =>
        Promise.resolve({ work: channels, losses: sockets.filter((socket) => socket.lost).length }),
      ),
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
