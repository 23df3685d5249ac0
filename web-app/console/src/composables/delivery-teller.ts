import type { ApiConversation } from '../../../src/front-doors/console-api/wire.ts';
import type { ConsoleApi } from '../api/console-api.ts';
import { createTimers } from '../api/timers.ts';
import { isOwn } from './conversation-rows.ts';
import { createSeqMarker } from './seq-marker.ts';

export interface DeliveryTeller {
  /** A row is new or has changed. */
  look(row: ApiConversation): void;
  hurry(): void;
  close(): void;
}

/** Who looks at the conversation reads it within this time, and that says more. */
const UNREAD_FOR_MS = 400;

/**
 * Tells the server that this console has got what the agent has not read yet, for the visitor's ticks.
 *
 * @param rowOf how a conversation is now
 */
export function createDeliveryTeller(
  api: Pick<ConsoleApi, 'markDelivered'>,
  ownId: number,
  rowOf: (id: number) => ApiConversation | undefined,
): DeliveryTeller {
  const marker = createSeqMarker((id, seq) => api.markDelivered(id, seq));
  const timers = createTimers();
  const due = new Set<number>();
  const isUnread = (row: ApiConversation) => isOwn(row, ownId) && row.unread > 0;

  return {
    look(row) {
      if (!isUnread(row) || due.has(row.id)) return;
      due.add(row.id);
      timers.later(UNREAD_FOR_MS, () => {
        due.delete(row.id);
        const now = rowOf(row.id);
        if (now !== undefined && isUnread(now)) marker.mark(now.id, now.lastSeq);
      });
    },
    hurry: () => marker.hurry(),
    close() {
      timers.close();
      marker.close();
    },
  };
}
