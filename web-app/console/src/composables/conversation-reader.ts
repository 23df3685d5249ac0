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
  /** Only those at work are kept. */
  const readings = new Map<number, { work: Coalesced; waiting: number }>();

  function begin(id: number) {
    const work = coalesce(async () => {
      const asOf = store.mark();
      store.put([await api.conversation(id)], asOf);
      inbox.place(id);
    });
    const reading = { work, waiting: 0 };
    readings.set(id, reading);
    return reading;
  }

  return {
    async read(id) {
      const reading = readings.get(id) ?? begin(id);
      reading.waiting += 1;
      await reading.work.request();
      reading.waiting -= 1;
      if (reading.waiting === 0) readings.delete(id);
    },
    hurry: () => readings.forEach(({ work }) => work.hurry()),
    close: () => readings.forEach(({ work }) => work.close()),
  };
}
