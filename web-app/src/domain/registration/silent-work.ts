import type { Database } from '../../db/knex.ts';
import { openWork } from '../../db/unit-of-work.ts';
import type { Work } from '../../db/unit-of-work.ts';

/** For setting up a site: whatever it tells is found by the relay's own look. */
export function silentWork(db: Database): Work {
  return openWork(db, { announce: () => undefined });
}
