import type { Work } from '../../db/unit-of-work.ts';
import type { SystemNotice } from '../model.ts';
import { createMessagesStore } from './messages-store.ts';

/** What the system says inside a thread. It takes a `seq` like any message. */
export interface Notices {
  post(conversation: { id: number; businessId: number }, notice: SystemNotice): Promise<void>;
}

export function createNotices(work: Work): Notices {
  const store = createMessagesStore(work);
  return {
    post: async ({ id, businessId }, notice) => {
      const stored = await store.append({
        businessId,
        conversationId: id,
        sender: { kind: 'system', id: null },
        body: { type: 'system', content: notice },
        clientId: null,
        page: null,
      });
      if (stored === null) throw new Error(`Conversation ${id} took no notice.`);
    },
  };
}
