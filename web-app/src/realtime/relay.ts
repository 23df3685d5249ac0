import { randomUUID } from 'node:crypto';
import { LANE_ROWS, LEASE_MS, type OutboxRow, type OutboxStore } from '../db/outbox-store.ts';
import { OutageLog } from './outage-log.ts';
import { REQUEST_TIMEOUT_MS } from './realtime-server.ts';
import { sendRows, type RowSending } from './row-sender.ts';

export interface RelayDeps {
  store: OutboxStore;
  server: RowSending['server'];
  triggersFor: RowSending['triggersFor'];
  /** Opens the connection that hears of other processes' rows (`db/outbox-listener`). */
  listen(hearing: Hearing): Listening;
  logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

export interface Hearing {
  owner: string;
  onConnected(): void;
  onWork(lanes: number[]): void;
  onLanesFreed(): void;
}

export interface Listening {
  isConnected(): boolean;
  close(): Promise<void>;
}

/** Lanes of one look share a stream of requests until it has so many rows; then there are more streams, side by side. */
const ROWS_A_STREAM = 10;
const MOST_STREAMS = 8;
/** How long the next look waits for the requests of the last, so that what comes meanwhile travels together. */
const GATHERING_MS = 20;
const RENEW_EVERY_MS = 2000;
const POLL_EVERY_MS = 1000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;

/**
 * Sends what is committed to the outbox, each lane in order (schema.md, Telling others). A lane has one sender: over all
 * processes by its lease, in this one by `#busy`. One look reads all lanes that have something, and deletes what was
 * sent since the last. The first row goes at once, without a timer; what is committed while requests are under way
 * gathers, and goes with the next look. So a busy relay makes few requests and few statements, and an idle one waits for
 * nothing.
 */
export class Relay {
  readonly #deps: RelayDeps;
  readonly #owner = randomUUID();
  /** Lanes leased by this process, and until when by this process's own clock. */
  #lanes = new Set<number>();
  #leaseEndsAt = 0;
  /** Lanes to look at. */
  readonly #queue = new Set<number>();
  /** Lanes whose rows are being read or are on their way, and the streams that carry them. */
  readonly #busy = new Set<number>();
  readonly #streams = new Set<Promise<void>>();
  /** Rows that were sent and are still there: the next look deletes them, and does not read them. */
  readonly #sent = new Set<number>();
  #isLooking = false;
  #looks: Promise<void> = Promise.resolve();
  /** Lanes that wait after a failure, and how often each has failed since it last went well. */
  readonly #waiting = new Map<number, NodeJS.Timeout>();
  readonly #failures = new Map<number, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  #listening: Listening | null = null;
  #leasing: Promise<void> | null = null;
  readonly #database: OutageLog;
  readonly #server: OutageLog;
  readonly #sending: RowSending;
  #isStopping = false;

  constructor(deps: RelayDeps) {
    this.#deps = deps;
    const { logger } = deps;
    this.#database = new OutageLog(logger, {
      away: 'the outbox cannot be read, trying again',
      back: 'the outbox is read again',
    });
    this.#server = new OutageLog(logger, {
      away: 'the realtime server does not take events, trying again',
      back: 'events are sent again',
    });
    this.#sending = {
      store: deps.store,
      server: deps.server,
      triggersFor: deps.triggersFor,
      mayGoOn: () => !this.#isStopping && performance.now() + REQUEST_TIMEOUT_MS < this.#leaseEndsAt,
      sent: (ids) => {
        for (const id of ids) this.#sent.add(id);
        if (ids.length > 0 && this.#server.worked()) this.serverReturned();
      },
      logger,
    };
  }

  start(): void {
    this.#listening = this.#deps.listen({
      owner: this.#owner,
      onConnected: () => void this.#lease(),
      onWork: (lanes) => this.#wakeOwn(lanes),
      onLanesFreed: () => void this.#lease(),
    });
    this.#timers.push(setInterval(() => void this.#lease(), RENEW_EVERY_MS));
    this.#timers.push(setInterval(() => void this.#poll(), POLL_EVERY_MS));
  }

  /** Rows were committed into these lanes: own ones are sent at once, the owners of others are woken. */
  announce(lanes: readonly number[]): void {
    if (this.#isStopping) return;
    this.#wakeOwn(lanes);
    const others = lanes.filter((lane) => !this.#lanes.has(lane));
    if (others.length === 0) return;
    this.#deps.store.wakeOwners(others).catch((error: unknown) => {
      // They look by themselves within a second.
      this.#deps.logger.warn({ err: error }, 'the owners of other lanes were not woken');
    });
  }

  /** The realtime server is back: nobody waits any longer. */
  serverReturned(): void {
    const lanes = [...this.#waiting.keys()];
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#wakeOwn(lanes);
  }

  /** Ends after the requests that are under way; what is left belongs to whoever takes the lanes. */
  async close(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    while (this.#isLooking || this.#streams.size > 0) await Promise.all([this.#looks, ...this.#streams]);
    await this.#leasing;
    try {
      if (this.#lanes.size > 0) await this.#deps.store.releaseLanes(this.#owner);
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'lanes were not given back; their lease will end');
    }
    this.#lanes.clear();
    await this.#listening?.close();
  }

  #lease(): Promise<void> {
    this.#leasing ??= this.#leaseOnce().finally(() => {
      this.#leasing = null;
    });
    return this.#leasing;
  }

  async #leaseOnce(): Promise<void> {
    // Without its listening connection this process looks dead to others: it must not take what they may take back.
    if (this.#isStopping || !this.#listening?.isConnected()) return;
    const askedAt = performance.now();
    try {
      const lanes = await this.#deps.store.leaseLanes(this.#owner);
      const gained = lanes.filter((lane) => !this.#lanes.has(lane));
      this.#lanes = new Set(lanes);
      this.#leaseEndsAt = askedAt + LEASE_MS;
      if (gained.length > 0) {
        this.#deps.logger.info({ lanes: lanes.length }, 'sending outbox lanes');
        this.#wakeOwn(gained);
      }
      this.#database.worked();
    } catch (error) {
      this.#database.failed(error);
    }
  }

  async #poll(): Promise<void> {
    if (this.#lanes.size === 0) return;
    try {
      this.#wakeOwn(await this.#deps.store.lanesWithWork(this.#owner));
    } catch (error) {
      this.#database.failed(error);
    }
  }

  #wakeOwn(lanes: readonly number[]): void {
    for (const lane of lanes) if (this.#lanes.has(lane) && !this.#waiting.has(lane)) this.#queue.add(lane);
    this.#pump();
  }

  #pump(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#looks = this.#lookOn();
  }

  /** Looks as long as there is something to read or to delete. */
  async #lookOn(): Promise<void> {
    // What one statement has stored is announced lane by lane, and goes together.
    await Promise.resolve();
    for (;;) {
      const lanes = this.#takeReady();
      const sent = [...this.#sent];
      if (lanes.length === 0 && sent.length === 0) break;
      try {
        const rows = await this.#deps.store.next(this.#owner, lanes, sent);
        for (const id of sent) this.#sent.delete(id);
        await settledWithin(this.#send(lanes, rows), GATHERING_MS);
      } catch (error) {
        this.#database.failed(error);
        for (const lane of lanes) this.#waitFor(lane);
        // What was sent is deleted with the next poll, if not before.
        break;
      }
    }
    this.#isLooking = false;
  }

  #takeReady(): number[] {
    if (this.#isStopping) return [];
    const ready = [...this.#queue].filter((lane) => !this.#busy.has(lane) && !this.#waiting.has(lane));
    for (const lane of ready) {
      this.#queue.delete(lane);
      this.#busy.add(lane);
    }
    return ready;
  }

  /** Never rejects. */
  async #send(lanes: readonly number[], rows: readonly OutboxRow[]): Promise<void> {
    const byLane = new Map<number, OutboxRow[]>();
    for (const row of rows) byLane.set(row.lane, [...(byLane.get(row.lane) ?? []), row]);
    for (const lane of lanes) if (!byLane.has(lane)) this.#free(lane);
    for (const [lane, own] of byLane) if (own.length === LANE_ROWS) this.#queue.add(lane);

    const count = Math.min(MOST_STREAMS, byLane.size, Math.ceil(rows.length / ROWS_A_STREAM));
    const streams = Array.from({ length: count }, (_, stream) =>
      this.#carry(new Map([...byLane].filter((_lane, index) => index % count === stream))),
    );
    for (const stream of streams) {
      this.#streams.add(stream);
      void stream.finally(() => this.#streams.delete(stream));
    }
    await Promise.all(streams);
  }

  /** Never rejects. */
  async #carry(byLane: ReadonlyMap<number, readonly OutboxRow[]>): Promise<void> {
    let isTaken = false;
    try {
      const unavailable = await sendRows([...byLane.values()].flat(), this.#sending);
      isTaken = unavailable === null;
      if (unavailable !== null) this.#server.failed(unavailable);
    } catch (error) {
      this.#database.failed(error);
    }
    for (const lane of byLane.keys()) {
      if (isTaken) this.#free(lane);
      else this.#waitFor(lane);
    }
    this.#pump();
  }

  /** It went well. */
  #free(lane: number): void {
    this.#busy.delete(lane);
    this.#failures.delete(lane);
  }

  #waitFor(lane: number): void {
    this.#busy.delete(lane);
    if (this.#isStopping) return;
    const failures = (this.#failures.get(lane) ?? 0) + 1;
    this.#failures.set(lane, failures);
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    const timer = setTimeout(() => {
      this.#waiting.delete(lane);
      this.#wakeOwn([lane]);
    }, delay);
    this.#waiting.set(lane, timer);
  }
}

/** Resolves when the promise does, or after so long. */
function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void promise.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
