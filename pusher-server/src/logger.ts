import { pino, type Logger } from 'pino';

export type { Logger };

/** A log and the way to bring it to its end. */
export interface OpenLog {
  readonly log: Logger;
  /**
   * Resolves when every line is written, or cannot be because nobody reads any more; after it nothing is logged. What is
   * left at the exit pino writes then, and tries for ever when its reader has gone.
   */
  readonly close: () => Promise<void>;
}

/** A reader that has gone is noticed by the first line it does not take. */
const MAX_CLOSE_MS = 500;

/**
 * Structured lines on standard output; those of a worker carry its number and process id. Secrets never come near it; these paths are
 * a second lock.
 */
export function openLog(level: string, worker: number | null = null): OpenLog {
  const base = { name: 'pusher-server', ...(worker === null ? {} : { worker, pid: process.pid }) };
  const output = pino.destination({ dest: 1, sync: false });
  const end = () =>
    new Promise<void>((resolve) => {
      for (const event of ['close', 'error']) output.once(event, () => resolve());
      setTimeout(resolve, MAX_CLOSE_MS);
      output.end();
    });
  let ended: Promise<void> | null = null;
  return {
    log: pino({ level, base, redact: ['secret', '*.secret', 'auth', '*.auth'] }, output),
    close: () => (ended ??= end()),
  };
}
