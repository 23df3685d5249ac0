import { coalesce, type Coalesced } from './coalesce.ts';

export interface SeqMarker {
  /** This agent is with everything up to `seq`. */
  mark(conversationId: number, seq: number): void;
  hurry(): void;
  close(): void;
}

interface Cursor {
  /** How far the agent is. */
  wanted: number;
  told: number;
  telling: Coalesced;
}

/**
 * Tells the server how far the agent has read the messages, or got them: only forward, and only the furthest when
 * several are due.
 *
 * @param onTold told after each time
 */
export function createSeqMarker(
  tell: (conversationId: number, seq: number) => Promise<void>,
  onTold: () => void = () => {},
): SeqMarker {
  const cursors = new Map<number, Cursor>();

  function cursorOf(conversationId: number): Cursor {
    const known = cursors.get(conversationId);
    if (known !== undefined) return known;
    const cursor: Cursor = {
      wanted: 0,
      told: 0,
      telling: coalesce(async () => {
        const seq = cursor.wanted;
        if (seq <= cursor.told) return;
        await tell(conversationId, seq);
        cursor.told = seq;
        onTold();
      }),
    };
    cursors.set(conversationId, cursor);
    return cursor;
  }

  return {
    mark(conversationId, seq) {
      const cursor = cursorOf(conversationId);
      if (seq <= cursor.wanted) return;
      cursor.wanted = seq;
      void cursor.telling.request();
    },
    hurry: () => cursors.forEach((cursor) => cursor.telling.hurry()),
    close: () => cursors.forEach((cursor) => cursor.telling.close()),
  };
}
