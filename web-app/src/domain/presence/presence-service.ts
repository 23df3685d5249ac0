import { tell } from '../../db/outbox-writer.ts';
import type { Transaction, Work } from '../../db/unit-of-work.ts';
import { isId } from '../id-rules.ts';
import type { Drain } from '../queue/drain-service.ts';
import type { Presence } from '../services.ts';
import { createPresenceStore } from './presence-store.ts';
import type { Presentee } from './presence-store.ts';

interface Deps {
  work: Work;
  drain: Drain;
  transaction: Transaction<{ work: Work }>;
}

export function createPresence({ work, drain, transaction }: Deps): Presence {
  const store = createPresenceStore(work);

  async function change(userId: number, type: 'user.online' | 'user.offline'): Promise<Presentee | null> {
    return transaction(async (inner) => {
      const innerStore = createPresenceStore(inner.work);
      const changed = await (type === 'user.online' ? innerStore.setOnline(userId) : innerStore.setOffline(userId));
      const user = changed ? await innerStore.describe(userId) : null;
      if (user !== null) await tell(inner.work, [{ conversationId: null, userId, event: { type, ...user } }]);
      return user;
    });
  }

  return {
    held: async (userId) => {
      if (!isId(userId) || (await store.isSettledOnline(userId))) return;
      const came = await change(userId, 'user.online');
      if (came?.kind === 'agent') await drain.arrived(came.businessId);
    },
    left: async (userId, dueAt) => {
      if (isId(userId)) await store.setDue(userId, dueAt);
    },
    takeDue: (limit) => store.takeDue(limit),
    settle: async (userId, stillHeld) => {
      if (!isId(userId)) return;
      if (stillHeld) await store.keepOnline(userId);
      else await change(userId, 'user.offline');
    },
    online: (only) => store.online(only ?? null),
  };
}
