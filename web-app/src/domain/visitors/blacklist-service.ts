import type { Work } from '../../db/unit-of-work.ts';
import { createVisitorsStore } from './visitors-store.ts';

/** Who is not served, by id or by the address they were last seen at. */
export interface Blacklist {
  has(businessId: number, visitorId: number): Promise<boolean>;
}

export function createBlacklist(work: Work): Blacklist {
  return { has: createVisitorsStore(work).isBlacklisted };
}
