import { OutageLog } from './outage-log.ts';
import { reconcilePresence, type ReconciliationDeps } from './presence-reconciliation.ts';
import { sweepPresence, type SweeperDeps } from './presence-sweeper.ts';

export type PresenceKeeperDeps = SweeperDeps &
  ReconciliationDeps & {
    logger: {
      info(fields: object, message: string): void;
      warn(fields: object, message: string): void;
    };
  };

export interface PresenceKeeper {
  /** The realtime server is there (again): webhooks may have been missed. */
  reconcileNow: () => void;
  close(): Promise<void>;
}

const SWEEP_EVERY_MS = 1000;
const RECONCILE_EVERY_MS = 60_000;
/** A comparison that failed is made again so soon: a server that has just returned may still break a connection. */
const RECONCILE_AGAIN_MS = 2000;

/** Runs the sweep each second and the reconciliation each minute, each never twice at once. */
export function keepPresence(deps: PresenceKeeperDeps): PresenceKeeper {
  let again: NodeJS.Timeout | null = null;
  let isClosed = false;
  const sweeping = new OutageLog(deps.logger, {
    away: 'presence was not swept, trying again',
    back: 'presence is swept again',
  });
  const comparing = new OutageLog(deps.logger, {
    away: 'presence was not compared with the realtime server, trying again',
    back: 'presence is compared again',
  });
  const sweep = oneAtATime(async () => {
    try {
      await sweepPresence(deps);
      sweeping.worked();
    } catch (error) {
      sweeping.failed(error);
    }
  });
  const reconcile = oneAtATime(async () => {
    try {
      const found = await reconcilePresence(deps);
      comparing.worked();
      if (found.held + found.left > 0) deps.logger.info(found, 'presence was corrected');
    } catch (error) {
      // The library's errors carry the signed address: only their words are logged.
      comparing.failed(String(error));
      if (again !== null) clearTimeout(again);
      if (!isClosed) again = setTimeout(reconcile.run, RECONCILE_AGAIN_MS);
    }
  });
  const timers = [setInterval(sweep.run, SWEEP_EVERY_MS), setInterval(reconcile.run, RECONCILE_EVERY_MS)];
  return {
    reconcileNow: reconcile.run,
    async close() {
      isClosed = true;
      for (const timer of timers) clearInterval(timer);
      if (again !== null) clearTimeout(again);
      await Promise.all([sweep.ended(), reconcile.ended()]);
    },
  };
}

/** A call while the last one runs makes it run once more afterwards. */
function oneAtATime(work: () => Promise<void>): { run: () => void; ended: () => Promise<void> } {
  let running: Promise<void> | null = null;
  let isWanted = false;
  async function loop(): Promise<void> {
    while (isWanted) {
      isWanted = false;
      await work();
    }
    running = null;
  }
  return {
    run: () => {
      isWanted = true;
      running ??= loop();
    },
    ended: async () => {
      await running;
    },
  };
}
