import { tell } from '../../db/outbox-writer.ts';
import type { Transaction, Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import { isId } from '../id-rules.ts';
import type { Agent } from '../model.ts';
import type { Drain } from '../queue/drain-service.ts';
import type { Agents, Businesses } from '../services.ts';
import { hasNul } from '../text-rules.ts';
import { createAgentsStore } from './agents-store.ts';

interface Deps {
  work: Work;
  businesses: Businesses;
  drain: Drain;
  transaction: Transaction<{ work: Work }>;
}

export function createAgents({ work, businesses, drain, transaction }: Deps): Agents {
  const store = createAgentsStore(work);

  async function byId(businessId: number, userId: number): Promise<Agent | null> {
    const agent = isId(userId) ? await store.find(userId) : null;
    return agent?.businessId === businessId ? agent : null;
  }

  return {
    byId,
    byUserId: async (userId) => (isId(userId) ? store.find(userId) : null),
    credentials: async (userName) => (hasNul(userName) ? null : store.credentials(userName)),
    list: (businessId) => store.list(businessId),

    setStatus: async (actor, status) => {
      const business = await businesses.byId(actor.businessId);
      if (business === null) throw new DomainError('not_found', 'There is no such business.');
      await transaction(async (inner) => {
        const changed = await createAgentsStore(inner.work).setManualStatus(actor.businessId, actor.userId, status);
        if (!changed) return;
        await tell(inner.work, [
          {
            conversationId: null,
            userId: actor.userId,
            event: {
              type: 'user.updated',
              userId: actor.userId,
              businessId: business.id,
              businessSlug: business.slug,
              manualStatus: status,
            },
          },
        ]);
      });
      // After the commit: assignment locks several agents in the order of ids, and must not hold this one before.
      if (status === 'online') await drain.drain(actor.businessId);
      const agent = await byId(actor.businessId, actor.userId);
      if (agent === null) throw new DomainError('not_found', 'There is no such agent.');
      return agent;
    },
  };
}
