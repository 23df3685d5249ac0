import { pino, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

export type { Logger };

/** A log and the way to bring it to its end. */
export interface OpenLog {
  logger: Logger;
  /**
   * Resolves when every line is written, or cannot be because nobody reads any more; after it nothing is logged, and it
   * is called once. What is left at the exit pino writes then, and tries for ever when its reader has gone.
   */
  close: () => Promise<void>;
}

/** A reader that has gone is noticed by the first line it does not take. */
const MAX_CLOSE_MS = 500;

/** JSON lines on stdout. Nothing secret is passed in; what might slip in with a request is struck out here. */
export function openLog(level: LogLevel): OpenLog {
  const output = pino.destination({ dest: 1, sync: false });
  const redact = {
    paths: ['password', 'token', 'secret', '*.password', '*.token', '*.secret', '*.authorization', '*.cookie'],
    censor: '[hidden]',
  };
  return {
    logger: pino({ level, base: { name: 'web-app' }, redact }, output),
    close: () =>
      new Promise((resolve) => {
        for (const event of ['close', 'error']) output.once(event, () => resolve());
        setTimeout(resolve, MAX_CLOSE_MS);
        output.end();
      }),
  };
}
