import type { Nodes } from './nodes.ts';
import type { Guest } from './guest.ts';

/** Events with a running number, one after the other, as long as a fault lasts. */
export interface Ticker {
  readonly triggered: number;
  /** Ends after the present one; rejects when an event was refused or a local subscriber missed one. */
  stop(): Promise<void>;
}

const PAUSE_MS = 10;
/** A local delivery that takes longer is a failure, whatever Redis does. */
const LOCAL_MS = 1_000;

/** Triggers on a node, and sees after each event that the guest of the same node heard it. */
export function startTicker(nodes: Nodes, node: number, local: Guest, channel: string): Ticker {
  let triggered = 0;
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      const status = await nodes.trigger(node, channel, String(triggered), {}, `tick-${String(node)}`);
      if (status !== 200) throw new Error(`event ${String(triggered)} was answered with ${String(status)}`);
      await local.hearsUntil(channel, `tick-${String(node)} ${String(triggered)}`, LOCAL_MS);
      triggered += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const running = run();
  // Told by `stop`.
  running.catch(() => undefined);
  return {
    get triggered() {
      return triggered;
    },
    stop: () => {
      isOver = true;
      return running;
    },
  };
}
