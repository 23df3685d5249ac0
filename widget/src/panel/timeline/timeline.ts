import type { ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';

/** What is known of a conversation: ascending by `seq`, each once. There may be gaps. */
export type Timeline = readonly ApiMessage[];

/** The timeline with more messages, wherever they belong; one that is known is kept as the newer copy. */
export function withMessages(timeline: Timeline, more: readonly ApiMessage[]): Timeline {
  const first = more[0];
  if (first === undefined) return timeline;
  if (more.length === 1 && first.seq > newestSeq(timeline)) return [...timeline, first];
  const bySeq = new Map([...timeline, ...more].map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** 0 when nothing is known. */
export function newestSeq(timeline: Timeline): number {
  return timeline.at(-1)?.seq ?? 0;
}

/** The first of our messages, from which on `seq` runs without gaps; 0 when nothing is known. */
export function oldestSeq(timeline: Timeline): number {
  return timeline[0]?.seq ?? 0;
}

/**
 * Up to where nothing is missing: what comes after it is to be asked for. It is the newest `seq`, unless something
 * between the oldest and the newest is not there.
 */
export function completeUntil(timeline: Timeline): number {
  const index = timeline.findIndex((message, place) => message.seq !== oldestSeq(timeline) + place);
  return (index === -1 ? timeline.at(-1) : timeline[index - 1])?.seq ?? 0;
}

/** Agents' messages after `readSeq`. */
export function unreadCount(timeline: Timeline, readSeq: number): number {
  return timeline.filter(({ senderRole, seq }) => senderRole === 'agent' && seq > readSeq).length;
}

/** Up to where the agents have read for certain: what they said last, they said having read what was before. */
export function answeredUntil(timeline: Timeline): number {
  return timeline.findLast(({ senderRole }) => senderRole === 'agent')?.seq ?? 0;
}

/** The `seq` of what was last said to both sides about the conversation itself; 0 when nothing was. */
export function latestNotice(timeline: Timeline): number {
  return timeline.findLast(({ senderRole }) => senderRole === 'system')?.seq ?? 0;
}

/**
 * Where the visitor is asked for a rating: at the agent's latest request, or at the end of a conversation that was
 * closed after the visitor had said something. Null where nobody asks, or the answer has been given.
 */
export function ratingPlace(timeline: Timeline): number | null {
  for (const { seq, body } of [...timeline].reverse()) {
    const notice = body.type === 'system' ? body.content.notice : null;
    if (notice === 'rating_requested') return seq;
    if (notice === 'rated') return null;
    if (notice === 'closed') {
      const last = seq === newestSeq(timeline);
      return last && timeline.some(({ senderRole }) => senderRole === 'customer') ? seq : null;
    }
  }
  return null;
}
