import type { App, Webhook } from '../apps/app.ts';
import type { Cluster, Delivery, FactReceipt, WebhookAttempt } from '../cluster/cluster.ts';
import type { WebhookEvent } from './dialect.ts';
import { deliver, noCounts, prepareDelivery, unlessStopped, type RetryPolicy, type SendingCounts } from './sender.ts';

/** Bounds and times of one destination's queue. */
export interface BatchingOptions {
  readonly batchMs: number;
  readonly queueMax: number;
  readonly retry: RetryPolicy;
  readonly report: (error: unknown) => void;
  /** Keeps deliveries for the senders after this one. */
  readonly deliveries: Pick<Cluster, 'keepDelivery' | 'endDelivery'>;
  /** Hears of every request to a receiver. */
  readonly attempted: (appId: string, attempt: WebhookAttempt) => void;
}

/** What is sent: an event, or a delivery that a former sender has put together. */
type Content =
  | { readonly kind: 'event'; readonly app: App; readonly webhook: Webhook; readonly event: WebhookEvent }
  | { readonly kind: 'delivery'; readonly delivery: Delivery };

interface Waiting {
  readonly content: Content;
  readonly receipt: FactReceipt;
  /** This destination took it or gave it up. */
  readonly settled: () => void;
  readonly since: number;
}

/** A request stays readable, and a refused one is small enough to be sent again. */
const MAX_BATCH = 100;

/**
 * The queue of one webhook of one app: what gathers within a short time goes out together, one request at a time, so
 * that the order is kept while a receiver is down. When the queue is full its oldest event is given up and counted.
 */
export class Batcher {
  readonly #destination: string;
  readonly #options: BatchingOptions;
  readonly #waiting: Waiting[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #wake: (() => void) | null = null;
  #flushing = false;
  readonly counts: SendingCounts = noCounts();
  #inFlight = 0;
  #inFlightSince = 0;

  /** `destination` as in `Delivery`. */
  constructor(destination: string, options: BatchingOptions) {
    this.#destination = destination;
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

  push(app: App, webhook: Webhook, event: WebhookEvent, receipt: FactReceipt, settled: () => void): void {
    this.#add({ content: { kind: 'event', app, webhook, event }, receipt, settled, since: performance.now() });
  }

  /** Sends what a former sender has put together, as it is. */
  repeat(delivery: Delivery, receipt: FactReceipt): void {
    const settled = () => receipt.settled();
    this.#add({ content: { kind: 'delivery', delivery }, receipt, settled, since: performance.now() });
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

  #add(entry: Waiting): void {
    if (this.#waiting.length >= this.#options.queueMax) {
      const oldest = this.#waiting.shift();
      if (oldest?.content.kind === 'delivery') this.#options.deliveries.endDelivery(oldest.content.delivery);
      oldest?.settled();
      this.counts.dropped += 1;
    }
    this.#waiting.push(entry);
    this.#running ??= this.#run().catch(this.#options.report);
  }

  /** What goes into the next request, at the front of the queue. */
  #takeBatch(): readonly Waiting[] {
    const first = this.#waiting[0]?.content;
    if (first?.kind !== 'event') return this.#waiting.splice(0, 1);
    // An app's settings may have been replaced meanwhile; one request is signed with one secret.
    const foreign = this.#waiting.findIndex(({ content }) => content.kind !== 'event' || content.app !== first.app);
    return this.#waiting.splice(0, Math.min(MAX_BATCH, foreign === -1 ? MAX_BATCH : foreign));
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#takeBatch();
    const [first] = batch;
    if (first === undefined) return;
    const delivery = this.#prepare(first.content, batch);
    this.#inFlight = delivery.eventCount;
    this.#inFlightSince = first.since;
    await this.#send(delivery, first, batch);
  }

  #prepare(first: Content, batch: readonly Waiting[]): Delivery {
    if (first.kind === 'delivery') return first.delivery;
    const events = batch.flatMap(({ content }) => (content.kind === 'event' ? [content.event] : []));
    return prepareDelivery(first.app, first.webhook, this.#destination, events, Date.now());
  }

  async #send(delivery: Delivery, first: Waiting, batch: readonly Waiting[]): Promise<void> {
    const { deliveries, retry, attempted } = this.#options;
    const stop = this.#stop.signal;
    const receipts = batch.map(({ receipt }) => receipt);
    const keeping = first.content.kind === 'delivery' ? true : deliveries.keepDelivery(delivery, receipts);
    const end =
      keeping === null || (await unlessStopped(keeping, stop))
        ? await deliver(delivery, {
            policy: retry,
            counts: this.counts,
            stop,
            isHeld: () => first.receipt.isHeld(),
            attempted: (attempt) => attempted(delivery.appId, attempt),
          })
        : stop.aborted
          ? 'stopped'
          : 'passed';
    this.#inFlight = 0;
    if (end === 'passed') {
      // What is still this node's goes out in another delivery.
      this.#waiting.unshift(...batch.filter(({ receipt }) => receipt.isHeld() !== false));
      return;
    }
    if (end === 'taken') this.counts.delivered += delivery.eventCount;
    // What was kept is not lost with this node: the next sender has it.
    else if (end === 'stopped' && keeping !== null) return;
    else this.counts.dropped += delivery.eventCount;
    if (keeping !== null) deliveries.endDelivery(delivery);
    for (const { settled } of batch) settled();
  }
}
