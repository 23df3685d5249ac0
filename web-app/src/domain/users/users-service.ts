import type { Work } from '../../db/unit-of-work.ts';
import type { Users } from '../services.ts';
import { createUsersStore } from './users-store.ts';

export function createUsers(work: Work): Users {
  const store = createUsersStore(work);
  return { byId: store.find };
}
