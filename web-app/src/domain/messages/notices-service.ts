import type { Work } from '../../db/unit-of-work.ts';
import type { SystemNotice } from '../model.ts';
import { createMessagesStore } from './messages-store.ts';

/** What the system says inside a thread. It takes a `seq` like any message. */
export interface Notices {
  post(conversation: { id: number; businessId: number }, notice: SystemNotice): Promise<void>;
  /** The same, unless the thread ends with a notice of that kind already. The conversation is locked. */
  postOnce(conversation: { id: number; businessId: number }, notice: SystemNotice): Promise<void>;
}

export function createNotices(work: Work): Notices {
  const store = createMessagesStore(work);
  async function post({ id, businessId }: { id: number; businessId: number }, notice: SystemNotice): Promise<void> {
    const stored = await store.append({
      businessId,
      conversationId: id,
      sender: { kind: 'system', id: null },
      body: { type: 'system', content: notice },
      clientId: null,
      page: null,
    });
    if (stored === null) throw new Error(`Conversation ${id} took no notice.`);
  }

  return {
    post,
    postOnce: async (conversation, notice) => {
      const [last] = await store.list(conversation.businessId, conversation.id, { limit: 1 });
      if (last?.type === 'system' && last.content.notice === notice.notice) return;
      await post(conversation, notice);
    },
  };
}
