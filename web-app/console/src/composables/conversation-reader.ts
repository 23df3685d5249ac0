import type { ConsoleApi } from '../api/console-api.ts';
import { coalesce, type Coalesced } from './coalesce.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { InboxViews } from './inbox-views.ts';

export interface ConversationReader {
  /** Reads the row of a conversation again. Resolves when done; what is not there stays unknown. */
  read(id: number): Promise<void>;
  hurry(): void;
  close(): void;
}

/** Reads single rows, each at most once at a time, and puts them into the lists they belong to. */
export function createConversationReader(
  api: Pick<ConsoleApi, 'conversation'>,
  store: ConversationStore,
  inbox: InboxViews,
): ConversationReader {
  const readings = new Map<number, Coalesced>();

  function readingOf(id: number): Coalesced {
    const known = readings.get(id);
    if (known !== undefined) return known;
    const reading = coalesce(async () => {
      const asOf = store.mark();
      store.put([await api.conversation(id)], asOf);
      inbox.place(id);
    });
    readings.set(id, reading);
    return reading;
  }

  return {
    read: (id) => readingOf(id).request(),
    hurry: () => readings.forEach((reading) => reading.hurry()),
    close: () => readings.forEach((reading) => reading.close()),
  };
}
