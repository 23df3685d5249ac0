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

/** The usage of this process now. */
export function readUsage(): Usage {
  return usageOf(process.memoryUsage.rss());
}

/** `total` is what the container or the machine allows, `free` what of it these `used` bytes leave. */
export function usageOf(used: number): Usage {
  const machine = totalmem();
  // Without a limit this is 0, absent, or more than the machine has.
  const allowed = process.constrainedMemory();
  const total = allowed > 0 ? Math.min(allowed, machine) : machine;
  return { memory: { free: total - used, used, total, percent: (used / total) * 100 } };
}
