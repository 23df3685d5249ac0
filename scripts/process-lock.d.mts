/** When a process started, in the system's own words, or null when there is none: tells a pid from its reuse. */
export function processStartedAt(pid: number): string | null;
/** The pid of the live process that holds the lock, or null. */
export function lockHolder(path: string): number | null;
/** Takes the lock for this process; false when a live process (also this one) holds it. */
export function tryLock(path: string): boolean;
/** Gives the lock back if this process holds it. */
export function unlock(path: string): void;
