import type { App, Webhook } from '../apps/app.ts';
import type { WebhookAttempt } from '../cluster/cluster.ts';
import type { WebhookEvent } from './dialect.ts';
import { deliver, noCounts, prepareDelivery, type RetryPolicy, type SendingCounts } from './sender.ts';

/** Bounds and times of one destination's queue. */
export interface BatchingOptions {
  readonly batchMs: number;
  readonly queueMax: number;
  readonly retry: RetryPolicy;
  readonly report: (error: unknown) => void;
  /** Hears of every request to a receiver. */
  readonly attempted: (appId: string, attempt: WebhookAttempt) => void;
}

interface Waiting {
  readonly app: App;
  readonly webhook: Webhook;
  readonly event: WebhookEvent;
  readonly since: number;
  readonly settled: () => void;
}

/** A request stays readable, and a refused one is small enough to be sent again. */
const MAX_BATCH = 100;

/**
 * The queue of one webhook of one app: what gathers within a short time goes out together, one request at a time, so
 * that the order is kept while a receiver is down. When the queue is full its oldest event is given up and counted.
 */
export class Batcher {
  readonly #options: BatchingOptions;
  readonly #waiting: Waiting[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #wake: (() => void) | null = null;
  #flushing = false;
  readonly counts: SendingCounts = noCounts();
  #inFlight = 0;
  #inFlightSince = 0;

  constructor(options: BatchingOptions) {
    this.#options = options;
  }

  /** Events that have not been taken yet. */
  get length(): number {
    return this.#waiting.length + this.#inFlight;
  }

  /** Since when the oldest of them waits, in milliseconds of `performance.now()`; `null` when there is none. */
  get oldestSince(): number | null {
    if (this.#inFlight > 0) return this.#inFlightSince;
    return this.#waiting[0]?.since ?? null;
  }

  push(app: App, webhook: Webhook, event: WebhookEvent, settled: () => void): void {
    if (this.#waiting.length >= this.#options.queueMax) {
      this.#waiting.shift()?.settled();
      this.counts.dropped += 1;
    }
    this.#waiting.push({ app, webhook, event, since: performance.now(), settled });
    this.#running ??= this.#run().catch(this.#options.report);
  }

  /** Sends what waits without gathering any longer; resolves when nothing is left. */
  async flush(): Promise<void> {
    this.#flushing = true;
    this.#wake?.();
    while (this.#running !== null) await this.#running;
  }

  /** Gives up what could not be sent. */
  close(): void {
    this.#stop.abort();
    this.#wake?.();
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#gather();
        await this.#sendBatch();
      }
    } finally {
      this.#running = null;
    }
  }

  #gather(): Promise<void> {
    const elapsed = performance.now() - (this.#waiting[0]?.since ?? 0);
    const remaining = this.#options.batchMs - elapsed;
    if (this.#flushing || remaining <= 0 || this.#waiting.length >= MAX_BATCH) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, remaining);
      this.#wake = done;
    });
  }

  async #sendBatch(): Promise<void> {
    const first = this.#waiting[0];
    if (first === undefined) return;
    // An app's settings may have been replaced meanwhile; one request is signed with one secret.
    const foreign = this.#waiting.findIndex((entry) => entry.app !== first.app);
    const batch = this.#waiting.splice(0, Math.min(MAX_BATCH, foreign === -1 ? MAX_BATCH : foreign));
    this.#inFlight = batch.length;
    this.#inFlightSince = first.since;
    const events = batch.map((entry) => entry.event);
    const delivery = prepareDelivery(first.app, first.webhook, events, Date.now());
    const taken = await deliver(delivery, this.#options.retry, this.counts, this.#stop.signal, (attempt) =>
      this.#options.attempted(first.app.id, attempt),
    );
    this.#inFlight = 0;
    if (taken) this.counts.delivered += batch.length;
    else this.counts.dropped += batch.length;
    for (const entry of batch) entry.settled();
  }
}
