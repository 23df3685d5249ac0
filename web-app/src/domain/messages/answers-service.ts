import type { Work } from '../../db/unit-of-work.ts';
import { createMessagesStore } from './messages-store.ts';

/** What the system answers a visitor in words. It is said by nobody, takes a `seq`, and is nobody's unread. */
export interface Answers {
  post(businessId: number, conversationId: number, text: string): Promise<void>;
}

export function createAnswers(work: Work): Answers {
  const store = createMessagesStore(work);
  return {
    post: async (businessId, conversationId, text) => {
      await store.append({
        businessId,
        conversationId,
        sender: { kind: 'system', id: null },
        body: { type: 'text', content: { text } },
        clientId: null,
        page: null,
      });
    },
  };
}
