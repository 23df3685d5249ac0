import { tell } from '../../db/outbox-writer.ts';
import { violates } from '../../db/unit-of-work.ts';
import type { Transaction, Work } from '../../db/unit-of-work.ts';
import { DomainError } from '../errors.ts';
import { createPictures } from '../files/pictures-service.ts';
import { isId } from '../id-rules.ts';
import { requireManager } from '../level-rules.ts';
import type { Agent } from '../model.ts';
import type { Drain } from '../queue/drain-service.ts';
import { registerAgent } from '../registration/registration.ts';
import type { Agents, Businesses } from '../services.ts';
import { hasNul } from '../text-rules.ts';
import { checkProfile, checkUserName } from './agent-rules.ts';
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

    register: async (actor, { profile, level, passwordHash }) => {
      requireManager(actor);
      if (level === 'super_manager' && actor.level !== 'super_manager') {
        throw new DomainError('forbidden', 'Only super managers make super managers.');
      }
      const { user, agent } = checkProfile(profile);
      const userName = checkUserName(profile.userName);
      const { id } = await unlessTaken(() =>
        transaction(async (inner) => {
          await createPictures(inner.work).keep(actor.businessId, user.avatar ?? '');
          return registerAgent(inner.work, {
            ...agent,
            businessId: actor.businessId,
            userName,
            nickname: user.nickname ?? userName,
            avatar: user.avatar ?? '',
            level,
            passwordHash,
          });
        }),
      );
      return found(await byId(actor.businessId, id));
    },

    describe: async (actor, profile) => {
      const rows = checkProfile(profile);
      await unlessTaken(() =>
        transaction(async (inner) => {
          await createPictures(inner.work).keep(actor.businessId, rows.user.avatar ?? '');
          await createAgentsStore(inner.work).describe(actor.businessId, actor.userId, rows);
        }),
      );
      return found(await byId(actor.businessId, actor.userId));
    },

    setPassword: (actor, passwordHash) => store.setPassword(actor.businessId, actor.userId, passwordHash),

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
      if (status === 'online') await drain.arrived(actor.businessId);
      return found(await byId(actor.businessId, actor.userId));
    },
  };
}

/** @throws DomainError `not_found` */
function found(agent: Agent | null): Agent {
  if (agent === null) throw new DomainError('not_found', 'There is no such agent.');
  return agent;
}

/** Somebody may take the name between our looking and our writing. @throws DomainError `conflict` */
async function unlessTaken<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (!violates(error, 'agents_user_name_once')) throw error;
    throw new DomainError('conflict', 'This user name is taken.', { cause: error });
  }
}
