import type { Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import { isId } from '../id-rules.ts';
import type { Blacklist, Conversations } from '../services.ts';
import { createBlacklistStore } from './blacklist-store.ts';
import { createVisitorsStore } from './visitors-store.ts';

/** Who is not served, by id or by the address they were last seen at. */
export interface Refusals {
  has(businessId: number, visitorId: number): Promise<boolean>;
}

export function createRefusals(work: Work): Refusals {
  return { has: createVisitorsStore(work).isBlacklisted };
}

interface Deps {
  work: Work;
  conversations: Pick<Conversations, 'ofVisitor' | 'ofVisitors' | 'close'>;
}

export function createBlacklist({ work, conversations }: Deps): Blacklist {
  const store = createBlacklistStore(work);
  const visitors = createVisitorsStore(work);

  async function requireVisitor(businessId: number, visitorId: number): Promise<void> {
    const visitor = isId(visitorId) ? await visitors.find(businessId, visitorId) : null;
    if (visitor === null) throw new DomainError('not_found', 'There is no such visitor.');
  }

  return {
    list: async (actor) => {
      const refused = await visitors.blacklisted(actor.businessId);
      const found = await conversations.ofVisitors(
        actor,
        refused.map(({ id }) => id),
      );
      const byCustomer = new Map(found.map((conversation) => [conversation.customerId, conversation]));
      return refused.map((visitor) => ({ visitor, conversation: byCustomer.get(visitor.id) ?? null }));
    },

    add: async (actor, visitorId) => {
      await requireVisitor(actor.businessId, visitorId);
      const now = await conversations.ofVisitor({ kind: 'visitor', businessId: actor.businessId, userId: visitorId });
      await store.add(actor.businessId, visitorId, actor.userId);
      const isGoingOn = now !== null && ['open', 'waiting'].includes(now.conversation.state);
      // Any agent may refuse a visitor, whoever talks with them: the conversation ends in the manager's name.
      if (isGoingOn) await conversations.close({ ...actor, level: 'manager' }, now.conversation.id);
    },

    remove: async (actor, visitorId) => {
      await requireVisitor(actor.businessId, visitorId);
      await store.remove(actor.businessId, visitorId);
    },
  };
}
