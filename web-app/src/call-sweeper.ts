import type { Services } from './domain/services.ts';
import { OutageLog } from './realtime/outage-log.ts';

const SWEEP_EVERY_MS = 1000;
/** Calls ended in one sweep; more wait for the next. */
const TAKEN_AT_ONCE = 100;

interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/**
 * Ends the calls whose time has come, each second. The times stand in the database, so it does not matter which process
 * looks, nor for how long none did.
 */
export function sweepCalls(calls: Pick<Services['calls'], 'sweep'>, logger: Logger): { close(): Promise<void> } {
  const outage = new OutageLog(logger, {
    away: 'calls were not looked after, trying again',
    back: 'calls are looked after again',
  });
  let sweeping: Promise<void> | null = null;
  async function sweep(): Promise<void> {
    try {
      await calls.sweep(TAKEN_AT_ONCE);
      outage.worked();
    } catch (error) {
      outage.failed(error);
    }
  }
  const timer = setInterval(() => {
    sweeping ??= sweep().finally(() => (sweeping = null));
  }, SWEEP_EVERY_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await sweeping;
    },
  };
}
