import { randomUUID } from 'node:crypto';
import { LEASE_MS, type OutboxStore } from '../db/outbox-store.ts';
import { LaneSender, type LaneSending } from './lane-sender.ts';
import { OutageLog } from './outage-log.ts';
import { REQUEST_TIMEOUT_MS } from './realtime-server.ts';

export interface RelayDeps {
  store: OutboxStore;
  server: LaneSending['server'];
  triggersFor: LaneSending['triggersFor'];
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

/** Lanes sent at the same time. */
const MAX_PARALLEL_LANES = 8;
const RENEW_EVERY_MS = 2000;
const POLL_EVERY_MS = 1000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;

/**
 * Sends what is committed to the outbox, lane by lane, in order (schema.md, Telling others). A lane has one sender:
 * over all processes by its lease, in this one by `#running`. Between a commit here and its request there is no timer.
 */
export class Relay {
  readonly #deps: RelayDeps;
  readonly #owner = randomUUID();
  readonly #senders = new Map<number, LaneSender>();
  /** Lanes leased by this process, and until when by this process's own clock. */
  #lanes = new Set<number>();
  #leaseEndsAt = 0;
  readonly #queue = new Set<number>();
  readonly #running = new Map<number, Promise<void>>();
  /** Lanes that wait after a failure, and how often each has failed since it last went well. */
  readonly #waiting = new Map<number, NodeJS.Timeout>();
  readonly #failures = new Map<number, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  #listening: Listening | null = null;
  #leasing: Promise<void> | null = null;
  readonly #database: OutageLog;
  readonly #server: OutageLog;
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
    for (const [lane, timer] of this.#waiting) {
      clearTimeout(timer);
      this.#waiting.delete(lane);
      this.#wakeOwn([lane]);
    }
  }

  /** Ends after the requests that are under way; what is left belongs to whoever takes the lanes. */
  async close(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#queue.clear();
    await Promise.all(this.#running.values());
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

  /** Starts what may start: a lane that runs stays queued, so that rows which came meanwhile are looked for. */
  #pump(): void {
    if (this.#isStopping) return;
    for (const lane of this.#queue) {
      if (this.#running.size >= MAX_PARALLEL_LANES) return;
      if (this.#running.has(lane)) continue;
      this.#queue.delete(lane);
      const run = this.#run(lane).finally(() => {
        this.#running.delete(lane);
        this.#pump();
      });
      this.#running.set(lane, run);
    }
  }

  async #run(lane: number): Promise<void> {
    try {
      const outcome = await this.#sender(lane).sendChunk();
      if (outcome.kind === 'later') {
        this.#server.failed(outcome.reason);
        return this.#waitFor(lane);
      }
      this.#failures.delete(lane);
      if (outcome.kind === 'more') this.#queue.add(lane);
      if (outcome.hasSent && this.#server.worked()) this.serverReturned();
    } catch (error) {
      this.#database.failed(error);
      this.#waitFor(lane);
    }
  }

  #waitFor(lane: number): void {
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

  #sender(lane: number): LaneSender {
    const known = this.#senders.get(lane);
    if (known) return known;
    const { store, server, triggersFor, logger } = this.#deps;
    const mayGoOn = () => !this.#isStopping && performance.now() + REQUEST_TIMEOUT_MS < this.#leaseEndsAt;
    const sender = new LaneSender(lane, { store, server, triggersFor, mayGoOn, logger, owner: this.#owner });
    this.#senders.set(lane, sender);
    return sender;
  }
}
