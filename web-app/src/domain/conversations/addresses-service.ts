import type { Work } from '../../db/unit-of-work.ts';
import type { Addressed } from './address.ts';
import { createAddressesStore } from './addresses-store.ts';

/** Who listens to a conversation now, for events. */
export interface Addresses {
  of(conversationId: number): Promise<Addressed>;
  ofAll(conversationIds: readonly number[]): Promise<Map<number, Addressed>>;
}

export function createAddresses(work: Work): Addresses {
  const store = createAddressesStore(work);
  return {
    of: async (conversationId) => {
      const found = (await store.find([conversationId])).get(conversationId);
      if (found === undefined) throw new Error(`Conversation ${conversationId} has no address.`);
      return found;
    },
    ofAll: store.find,
  };
}
