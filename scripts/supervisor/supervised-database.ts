import { setTimeout as delay } from 'node:timers/promises';
import { delayAfter } from '../../pusher-server/src/workers/back-off.ts';
import { openEmbeddedDatabase } from '../embedded-database/open.ts';
import { describeFailure } from '../setup/terminal.mjs';

/** The embedded database, started again when it dies, until it is stopped. */
export interface SupervisedDatabase {
  /** Where it is now; see `onMoved`. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Opens the embedded database of `dataDir` and keeps it running.
 * @param onMoved told when it had to come back at another address, its port having been taken meanwhile
 * @throws PlainError when it does not start the first time
 */
export async function superviseDatabase(dataDir: string, onMoved: () => void): Promise<SupervisedDatabase> {
  let database = await openEmbeddedDatabase(dataDir);
  let url = database.url;
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;

  const reopen = async () => {
    for (let failures = 1; !isStopping(); failures += 1) {
      const delayMs = delayAfter(failures);
      console.error(`The database ended; it is started again in ${delayMs / 1000} s.`);
      await delay(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (isStopping()) return;
      try {
        database = await openEmbeddedDatabase(dataDir);
        return;
      } catch (error) {
        console.error(describeFailure(error));
      }
    }
  };

  const keepRunning = async () => {
    for (;;) {
      await database.exited;
      if (isStopping()) return;
      await reopen();
      if (isStopping()) return database.stop();
      if (database.url === url) continue;
      url = database.url;
      onMoved();
    }
  };
  const kept = keepRunning();

  return {
    get url() {
      return url;
    },
    stop: async () => {
      stopping.abort();
      await database.stop();
      await kept;
    },
  };
}
