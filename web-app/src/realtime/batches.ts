import { MAX_BATCH, type Trigger } from './realtime-server.ts';

/** A row of the outbox with what is sent for it. */
export interface Announcement {
  rowId: number;
  triggers: Trigger[];
}

/** What goes out in one request: whole rows, or, for a row of more triggers than a request takes, one part of it. */
export interface Batch {
  parts: Announcement[];
  /** The rows that are finished once this batch was sent. */
  finishes: number[];
}

/** Packs announcements into requests of at most `MAX_BATCH` triggers, keeping their order. */
export function packBatches(announcements: readonly Announcement[]): Batch[] {
  const batches: Batch[] = [];
  let open: Batch = { parts: [], finishes: [] };
  let room = MAX_BATCH;
  const close = () => {
    if (open.finishes.length > 0 || open.parts.length > 0) batches.push(open);
    open = { parts: [], finishes: [] };
    room = MAX_BATCH;
  };
  for (const { rowId, triggers } of announcements) {
    if (triggers.length > room) close();
    for (let from = 0; from < triggers.length; from += MAX_BATCH) {
      if (from > 0) close();
      const part = triggers.slice(from, from + MAX_BATCH);
      open.parts.push({ rowId, triggers: part });
      room -= part.length;
    }
    open.finishes.push(rowId);
  }
  close();
  return batches;
}
