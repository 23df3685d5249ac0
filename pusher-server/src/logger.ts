import { pino, type Logger } from 'pino';

export type { Logger };

/** Structured lines on standard output. Secrets never come near it; these paths are a second lock. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { name: 'pusher-server' }, redact: ['secret', '*.secret', 'auth', '*.auth'] });
}
