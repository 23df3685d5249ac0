import type { ApiMessage } from '../../../src/front-doors/console-api/wire.ts';

/**
 * Rules for the messages of one conversation that a console holds: ascending by `seq`, each once. They may have a hole
 * where something was missed; `missingAfter` says where to read on.
 */
type Messages = readonly ApiMessage[];

/** Puts messages where they belong. Answers the same array when all of them were there already. */
export function mergeMessages(known: Messages, incoming: Messages): Messages {
  const have = new Set(known.map((message) => message.seq));
  const fresh = incoming.filter((message) => !have.has(message.seq) && have.add(message.seq));
  if (fresh.length === 0) return known;
  return [...known, ...fresh].sort((a, b) => a.seq - b.seq);
}

/**
 * The seq after which something is missing, or null when nothing is.
 *
 * @param lastSeq the newest seq that is known to exist
 */
export function missingAfter(messages: Messages, lastSeq: number): number | null {
  let previous: number | null = null;
  for (const { seq } of messages) {
    if (previous !== null && seq !== previous + 1) return previous;
    previous = seq;
  }
  const end = previous ?? 0;
  return end < lastSeq ? end : null;
}

/** The seq of the oldest message held, when there are older ones on the server. */
export function olderThan(messages: Messages): number | null {
  const first = messages[0];
  return first !== undefined && first.seq > 1 ? first.seq : null;
}

/** The newest seq held; 0 for none. */
export function lastSeqOf(messages: Messages): number {
  return messages.at(-1)?.seq ?? 0;
}
