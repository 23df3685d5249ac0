import type { OutboxStore } from '../db/outbox-store.ts';
import type { DomainEvent } from '../domain/events.ts';
import { packBatches, type Announcement, type Batch } from './batches.ts';
import type { RealtimeServer, Trigger } from './realtime-server.ts';

export interface LaneSending {
  store: Pick<OutboxStore, 'pending' | 'remove' | 'setAside' | 'noteFailure'>;
  server: Pick<RealtimeServer, 'send'>;
  /** In whose name the lane is leased. */
  owner: string;
  /** @throws Unpublishable for good; anything else for now */
  triggersFor(event: DomainEvent): Promise<Trigger[]>;
  /** False once the lease might end before a request is answered, or when stopping. */
  mayGoOn(): boolean;
  logger: { error(fields: object, message: string): void };
}

/** An event that can never be sent, whatever the realtime server says. */
export class Unpublishable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unpublishable';
  }
}

/** `done`: nothing was left at the last look. `more`: look again at once. `later`: the same rows must be tried again. */
export type LaneOutcome = { kind: 'done' | 'more'; hasSent: boolean } | { kind: 'later'; reason: string };

/** Rows read at once. */
const CHUNK = 50;

/** Sends the rows of one lane in order. One call at a time: the relay sees to that. */
export class LaneSender {
  readonly #lane: number;
  readonly #sending: LaneSending;
  /** Sent, but not known to be deleted, because the database went away in between. At most a chunk. */
  readonly #sent = new Set<number>();

  constructor(lane: number, sending: LaneSending) {
    this.#lane = lane;
    this.#sending = sending;
  }

  /** One chunk. Throws when the database fails; what was sent is remembered and not sent again. */
  async sendChunk(): Promise<LaneOutcome> {
    const { store, owner } = this.#sending;
    await this.#removeSent();
    const rows = await store.pending(this.#lane, owner, CHUNK);
    const outcome = await this.#sendAll(packBatches(await this.#announcements(rows)));
    await this.#removeSent();
    if (outcome !== null) {
      // Said once a row, not at every try of a long outage.
      const first = rows.find((row) => row.id === outcome.rowId);
      if (first?.attempts === 0) await store.noteFailure(first.id, outcome.reason);
      return { kind: 'later', reason: outcome.reason };
    }
    return { kind: rows.length === CHUNK ? 'more' : 'done', hasSent: rows.length > 0 };
  }

  async #announcements(rows: Awaited<ReturnType<OutboxStore['pending']>>): Promise<Announcement[]> {
    const announcements: Announcement[] = [];
    for (const row of rows) {
      try {
        announcements.push({ rowId: row.id, triggers: await this.#sending.triggersFor(row.event) });
      } catch (error) {
        if (!(error instanceof Unpublishable)) throw error;
        await this.#setAside(row.id, error.message);
      }
    }
    return announcements;
  }

  /** Null when all was sent or set aside, or it may not go on; else the row to begin with next time, and why. */
  async #sendAll(batches: Batch[]): Promise<{ rowId: number; reason: string } | null> {
    const refusals = new Map<number, string>();
    for (const batch of batches) {
      if (!this.#sending.mayGoOn()) return null;
      const unavailable = await this.#sendBatch(batch, refusals);
      if (unavailable !== null) return { rowId: batch.parts[0]?.rowId ?? 0, reason: unavailable };
      for (const id of batch.finishes) {
        const refusal = refusals.get(id);
        if (refusal === undefined) this.#sent.add(id);
        else await this.#setAside(id, refusal);
      }
    }
    return null;
  }

  /** Null when it was taken or refused for good; else why it must be tried again. */
  async #sendBatch(batch: Batch, refusals: Map<number, string>): Promise<string | null> {
    const triggers = batch.parts.flatMap((part) => part.triggers);
    if (triggers.length === 0) return null;
    const delivery = await this.#sending.server.send(triggers);
    if (delivery.kind === 'sent') return null;
    if (delivery.kind === 'unavailable') return delivery.reason;
    // A refused batch was delivered to nobody: each trigger alone shows which one is at fault.
    for (const { rowId, triggers: own } of batch.parts) {
      for (const trigger of own) {
        const single = triggers.length === 1 ? delivery : await this.#sending.server.send([trigger]);
        if (single.kind === 'unavailable') return single.reason;
        if (single.kind === 'refused') refusals.set(rowId, `${trigger.name} on ${trigger.channel}: ${single.reason}`);
      }
    }
    return null;
  }

  async #setAside(id: number, reason: string): Promise<void> {
    await this.#sending.store.setAside(id, reason);
    this.#sending.logger.error({ outboxId: id, reason }, 'an event was set aside: it cannot be sent');
  }

  async #removeSent(): Promise<void> {
    if (this.#sent.size === 0) return;
    const ids = [...this.#sent];
    await this.#sending.store.remove(ids);
    for (const id of ids) this.#sent.delete(id);
  }
}
