import type { Work } from '../../db/unit-of-work.ts';
import type { Addresses } from '../conversations/addresses-service.ts';
import type { CallRecords } from '../messages/call-records-service.ts';
import type { Call } from '../model.ts';
import { createCallsStore } from './calls-store.ts';
import type { FinishedCall } from './calls-store.ts';

/** How calls come to an end. Runs in a transaction that has locked the conversation. */
export interface CallEndings {
  /** Ends it, tells both sides and writes its record. Null: somebody else has changed it meanwhile. */
  finish(call: Call, outcome: FinishedCall['state']): Promise<FinishedCall | null>;
  /** Ends what goes on in a conversation that its agent is about to leave. True: there was a call. */
  endIn(conversationId: number): Promise<boolean>;
}

interface Deps {
  work: Work;
  addresses: Addresses;
  records: CallRecords;
}

export function createCallEndings({ work, addresses, records }: Deps): CallEndings {
  const store = createCallsStore(work);

  async function finish(call: Call, outcome: FinishedCall['state']): Promise<FinishedCall | null> {
    const finished = await store.finish(call, outcome);
    if (finished === null) return null;
    const { room, agentId, customerId, callerRole, kind, durationS } = finished;
    const { to } = await addresses.of(call.conversationId);
    await store.tell({ type: 'call.ended', room, outcome, agentId, to });
    const callerId = callerRole === 'agent' ? agentId : customerId;
    await records.post({ ...finished, callerId }, { kind, outcome, durationS });
    return finished;
  }

  return {
    finish,
    endIn: async (conversationId) => {
      const call = await store.live(conversationId);
      if (call === null) return false;
      return (await finish(call, call.state === 'ringing' ? 'missed' : 'ended')) !== null;
    },
  };
}
