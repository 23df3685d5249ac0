import type { Sealer } from '../../db/sealing.ts';
import type { Transaction, Work } from '../../db/unit-of-work.ts';
import { isId } from '../id-rules.ts';
import type { Visitor } from '../model.ts';
import type { Businesses, Visitors } from '../services.ts';
import { hasNul } from '../text-rules.ts';
import { tokenHash } from '../users/tokens.ts';
import type { Accounts } from '../users/accounts-service.ts';
import type { UserRecord } from '../users/user-record.ts';
import type { Reception } from './reception-service.ts';
import { visitorChannel } from './visitor-id-rules.ts';
import { createVisitorsStore } from './visitors-store.ts';

interface Deps {
  work: Work;
  sealer: Sealer;
  businesses: Businesses;
  accounts: Accounts;
  transaction: Transaction<{ reception: Reception }>;
}

export function createVisitors({ work, sealer, businesses, accounts, transaction }: Deps): Visitors {
  const store = createVisitorsStore(work);

  /** A user whom the site registered, and who was never seen here: known by the token alone. */
  async function firstVisit(user: UserRecord): Promise<Visitor | null> {
    const business = await businesses.byId(user.businessId);
    if (business === null) return null;
    await store.note({
      userId: user.id,
      businessId: user.businessId,
      channel: visitorChannel(user.uid, business.slug),
      ip: null,
      page: '',
      referrer: '',
      device: { browser: '', os: '', type: 'unknown' },
      locale: '',
    });
    return store.find(user.businessId, user.id);
  }

  return {
    byId: async (businessId, userId) => (isId(userId) ? store.find(businessId, userId) : null),
    byUid: async (businessId, uid) => (hasNul(uid) ? null : store.findByUid(businessId, uid)),
    byChannel: async (businessId, channel) => (hasNul(channel) ? null : store.findByChannel(businessId, channel)),

    byToken: async (token) => {
      const user = await accounts.byTokenHash(tokenHash(token));
      if (user === null) return null;
      // Shown once, needed for good.
      if (!user.tokenRequired) await accounts.requireToken(user.id);
      const visitor = await store.find(user.businessId, user.id);
      return visitor ?? (user.kind === 'member' ? firstVisit(user) : null);
    },

    metBy: (businessId, agentId) => store.metBy(businessId, agentId),

    arrive: async (business, arriving) => {
      await sealer.ready();
      return transaction(({ reception }) => reception.arrive(business, arriving));
    },
  };
}
