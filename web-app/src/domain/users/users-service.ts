import type { Work } from '../../db/unit-of-work.ts';
import { isId } from '../id-rules.ts';
import type { Users } from '../services.ts';
import { createUsersStore } from './users-store.ts';

export function createUsers(work: Work): Users {
  const store = createUsersStore(work);
  return { byId: async (businessId, userId) => (isId(userId) ? store.find(businessId, userId) : null) };
}
