import type { Work } from '../../db/unit-of-work.ts';
import type { CallRecord } from '../model.ts';
import { createMessagesStore } from './messages-store.ts';

/** What a thread says of a call that is over. Its sender is who called; it is a message like any other. */
export interface CallRecords {
  /** While the conversation is open. What a visitor began who is not served any more leaves no trace. */
  post(
    call: { businessId: number; conversationId: number; callerRole: 'customer' | 'agent'; callerId: number },
    record: CallRecord,
  ): Promise<void>;
}

export function createCallRecords(work: Work): CallRecords {
  const store = createMessagesStore(work);
  return {
    post: async ({ businessId, conversationId, callerRole, callerId }, record) => {
      await store.append({
        businessId,
        conversationId,
        sender: { kind: callerRole, id: callerId },
        body: { type: 'call', content: record },
        clientId: null,
        page: null,
      });
    },
  };
}
