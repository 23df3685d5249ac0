import type { Sealer } from '../../db/sealing.ts';
import type { Transaction, Work } from '../../db/unit-of-work.ts';
import { isId } from '../id-rules.ts';
import type { Visitors } from '../services.ts';
import { hasNul } from '../text-rules.ts';
import { tokenHash } from '../users/tokens.ts';
import type { Accounts } from '../users/accounts-service.ts';
import type { Reception } from './reception-service.ts';
import { createVisitorsStore } from './visitors-store.ts';

interface Deps {
  work: Work;
  sealer: Sealer;
  accounts: Accounts;
  transaction: Transaction<{ reception: Reception }>;
}

export function createVisitors({ work, sealer, accounts, transaction }: Deps): Visitors {
  const store = createVisitorsStore(work);
  return {
    byId: async (businessId, userId) => (isId(userId) ? store.find(businessId, userId) : null),
    byUid: async (businessId, uid) => (hasNul(uid) ? null : store.findByUid(businessId, uid)),
    byChannel: async (businessId, channel) => (hasNul(channel) ? null : store.findByChannel(businessId, channel)),

    byToken: async (token) => {
      const user = await accounts.byTokenHash(tokenHash(token));
      if (user === null) return null;
      // Shown once, needed for good.
      if (!user.tokenRequired) await accounts.requireToken(user.id);
      return store.find(user.businessId, user.id);
    },

    arrive: async (business, arriving) => {
      await sealer.ready();
      return transaction(({ reception }) => reception.arrive(business, arriving));
    },
  };
}
