import { totalmem } from 'node:os';

/** What the process takes of the memory that it may have, in bytes, in the form that soketi's users know. */
export interface Usage {
  readonly memory: {
    readonly free: number;
    readonly used: number;
    readonly total: number;
    readonly percent: number;
  };
}

/** Reads the usage now. `total` is what the container or the machine allows, `free` what of it is left for us. */
export function readUsage(): Usage {
  const used = process.memoryUsage.rss();
  const machine = totalmem();
  // Without a limit this is 0, absent, or more than the machine has.
  const allowed = process.constrainedMemory();
  const total = allowed > 0 ? Math.min(allowed, machine) : machine;
  return { memory: { free: total - used, used, total, percent: (used / total) * 100 } };
}
