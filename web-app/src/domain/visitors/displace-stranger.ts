import type { Work } from '../../db/unit-of-work.ts';
import type { UserRecord } from '../users/user-record.ts';
import { createUsersStore } from '../users/users-store.ts';
import { visitorChannel } from './visitor-id-rules.ts';
import { createVisitorsStore } from './visitors-store.ts';

/**
 * The site claims an id that a stranger goes by: the stranger's row, with all that was said, gets the name `uid~id`,
 * and the id is free. Rows are never merged, since the stranger may be anybody.
 */
export async function displaceStranger(work: Work, stranger: UserRecord, slug: string): Promise<void> {
  const uid = `${stranger.uid}~${stranger.id}`;
  await createUsersStore(work).rename(stranger.id, uid);
  await createVisitorsStore(work).moveChannel(stranger.id, visitorChannel(uid, slug));
}
