import type { DomainEvent } from '../domain/events.ts';
import type { Work } from './unit-of-work.ts';

/** As many as `relay_lanes` has rows. */
const LANES = 32;
/** PostgreSQL takes 65,535 parameters in a statement. */
const ROWS_A_STATEMENT = 1_000;

/** Events of one conversation, or of one user, keep their order by sharing a lane. */
export function laneOf(id: number): number {
  return id % LANES;
}

/** An event and the thing whose order it keeps. */
export interface Told {
  /** Null: the event is about the user alone. */
  conversationId: number | null;
  userId?: number;
  event: DomainEvent;
}

/** Writes events, in this order, in the transaction that made them true. */
export async function tell(work: Work, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return;
  const rows = told.map(({ conversationId, userId, event }) => ({
    lane: laneOf(conversationId ?? userId ?? 0),
    conversation_id: conversationId,
    event: JSON.stringify(event),
  }));
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    await work.db('outbox').insert(rows.slice(from, from + ROWS_A_STATEMENT));
  }
  for (const row of rows) work.wrote(row.lane);
}
