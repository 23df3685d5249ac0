import { pino, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

export type { Logger };

/** JSON lines on stdout. Nothing secret is passed in; what might slip in with a request is struck out here. */
export function createLogger(level: LogLevel): Logger {
  return pino({
    level,
    base: { name: 'web-app' },
    redact: {
      paths: ['password', 'token', 'secret', '*.password', '*.token', '*.secret', '*.authorization', '*.cookie'],
      censor: '[hidden]',
    },
  });
}
