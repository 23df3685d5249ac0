import type { OutboxRow, OutboxStore } from '../db/outbox-store.ts';
import type { DomainEvent } from '../domain/events.ts';
import { packBatches, type Announcement, type Batch } from './batches.ts';
import type { RealtimeServer, Trigger } from './realtime-server.ts';

export interface RowSending {
  store: Pick<OutboxStore, 'setAside' | 'noteFailure'>;
  server: Pick<RealtimeServer, 'send'>;
  /** @throws Unpublishable for good; anything else for now */
  triggersFor(event: DomainEvent): Promise<Trigger[]>;
  /** False once the lease might end before a request is answered, or when stopping. */
  mayGoOn(): boolean;
  /** These rows may be deleted. */
  sent(ids: readonly number[]): void;
  logger: { error(fields: object, message: string): void };
}

/** An event that can never be sent, whatever the realtime server says. */
export class Unpublishable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unpublishable';
  }
}

/**
 * Sends rows in order, as many in a request as it takes; those that are refused for good are set aside.
 * @returns null, or why those that were not sent must be tried again
 * @throws when the database fails
 */
export async function sendRows(rows: readonly OutboxRow[], sending: RowSending): Promise<string | null> {
  const unavailable = await sendBatches(packBatches(await announcementsOf(rows, sending)), sending);
  if (unavailable === null) return null;
  // Said once a row, not at every try of a long outage.
  const first = rows.find((row) => row.id === unavailable.rowId);
  if (first?.attempts === 0) await sending.store.noteFailure(first.id, unavailable.reason);
  return unavailable.reason;
}

async function announcementsOf(rows: readonly OutboxRow[], sending: RowSending): Promise<Announcement[]> {
  const announcements: Announcement[] = [];
  for (const row of rows) {
    try {
      announcements.push({ rowId: row.id, triggers: await sending.triggersFor(row.event) });
    } catch (error) {
      if (!(error instanceof Unpublishable)) throw error;
      await setAside(row.id, error.message, sending);
    }
  }
  return announcements;
}

/** Null when all was sent or set aside, or it may not go on; else the row to begin with next time, and why. */
async function sendBatches(
  batches: readonly Batch[],
  sending: RowSending,
): Promise<{ rowId: number; reason: string } | null> {
  const refusals = new Map<number, string>();
  for (const batch of batches) {
    if (!sending.mayGoOn()) return null;
    const unavailable = await sendBatch(batch, refusals, sending);
    if (unavailable !== null) return { rowId: batch.parts[0]?.rowId ?? 0, reason: unavailable };
    sending.sent(batch.finishes.filter((id) => !refusals.has(id)));
    for (const id of batch.finishes) {
      const refusal = refusals.get(id);
      if (refusal !== undefined) await setAside(id, refusal, sending);
    }
  }
  return null;
}

/** Null when it was taken or refused for good; else why it must be tried again. */
async function sendBatch(batch: Batch, refusals: Map<number, string>, { server }: RowSending): Promise<string | null> {
  const triggers = batch.parts.flatMap((part) => part.triggers);
  if (triggers.length === 0) return null;
  const delivery = await server.send(triggers);
  if (delivery.kind === 'sent') return null;
  if (delivery.kind === 'unavailable') return delivery.reason;
  // A refused batch was delivered to nobody: each trigger alone shows which one is at fault.
  for (const { rowId, triggers: own } of batch.parts) {
    for (const trigger of own) {
      const single = triggers.length === 1 ? delivery : await server.send([trigger]);
      if (single.kind === 'unavailable') return single.reason;
      if (single.kind === 'refused') refusals.set(rowId, `${trigger.name} on ${trigger.channel}: ${single.reason}`);
    }
  }
  return null;
}

async function setAside(id: number, reason: string, { store, logger }: RowSending): Promise<void> {
  await store.setAside(id, reason);
  logger.error({ outboxId: id, reason }, 'an event was set aside: it cannot be sent');
}
