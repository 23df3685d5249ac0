import type { Transaction } from '../../db/unit-of-work.ts';
import type { Businesses } from '../services.ts';
import type { Dispatch } from './dispatch-service.ts';
import type { Lines } from './line-service.ts';

/** Serves the lines of a business as far as there are free agents. Called after each event that can free one. */
export interface Drain {
  drain(businessId: number): Promise<void>;
  /**
   * The same, after an agent came: whoever waits on hears their place, since they may have been told that nobody is
   * there, and under the rule _claim_ nothing else would tell them.
   */
  arrived(businessId: number): Promise<void>;
}

interface Deps {
  businesses: Businesses;
  lines: Pick<Lines, 'teamsWaiting'>;
  transaction: Transaction<{ dispatch: Dispatch; lines: Lines }>;
}

/**
 * A short transaction for each customer. It runs after the commit of what freed the place, and again after the commit
 * of who came to wait: whichever of two such commits is the later sees both the place and the wait.
 */
export function createDrain({ businesses, lines, transaction }: Deps): Drain {
  async function serve(businessId: number, isArrival: boolean): Promise<void> {
    const waiting = await lines.teamsWaiting(businessId);
    if (waiting.length === 0) return;
    const business = await businesses.byId(businessId);
    if (business === null) return;
    for (const teamId of waiting) {
      let served = 0;
      while (await transaction(({ dispatch }) => dispatch.next(business, teamId))) served += 1;
      // Told once for all who moved up, not after each.
      if (served > 0 || isArrival) await transaction((inner) => inner.lines.tellPlaces(teamId));
    }
  }

  return {
    drain: (businessId) => serve(businessId, false),
    arrived: (businessId) => serve(businessId, true),
  };
}
