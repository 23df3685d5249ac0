import { pino, type Logger } from 'pino';

export type { Logger };

/**
 * Structured lines on standard output; those of a worker carry its number and process id. Secrets never come near it; these paths are
 * a second lock.
 */
export function createLogger(level: string, worker: number | null = null): Logger {
  const base = { name: 'pusher-server', ...(worker === null ? {} : { worker, pid: process.pid }) };
  return pino({ level, base, redact: ['secret', '*.secret', 'auth', '*.auth'] });
}
