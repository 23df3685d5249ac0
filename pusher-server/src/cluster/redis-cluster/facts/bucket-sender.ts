import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery, Fact, FactReceipt } from '../../cluster.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { FactEntry } from './fact-entry.ts';
import { OpenFact, type FactHolder } from './open-fact.ts';
import type { Left, SendingScripts, SendLease } from './sending-scripts.ts';

export interface BucketSenderOptions {
  readonly scripts: SendingScripts;
  readonly leaseMs: number;
  readonly fact: (fact: Fact, receipt: FactReceipt) => void;
  readonly redeliver: (delivery: Delivery, receipt: FactReceipt, home: BucketSender) => void;
  readonly lost: (count: number) => void;
}

/** How often is looked whether a bucket wants to be looked after. */
export const TEND_MS = 250;
/** After which part of it the lease is renewed while facts are under way. */
const BUSY_PART = 1 / 4;
/** After how many leases a bucket is looked after of which nothing is known: whoever has something for it wakes it. */
const IDLE_LEASES = 2;
/** Facts read at once. */
const READ_AT_ONCE = 500;
/** How often, and as part of the lease how long, another sender's repetition is waited for. */
const OTHERS_MS = 100;
const OTHERS_PART = 0.5;

/**
 * Sends one bucket's facts while this node has the lease to: renews it, lets ripen what is due, hands out what is read,
 * in order, and acknowledges what was settled. A lease that was lost makes everything handed out under it another's.
 */
export class BucketSender implements FactHolder {
  readonly bucket: number;
  readonly #options: BucketSenderOptions;
  readonly #acknowledgements: Acknowledgements;
  readonly #open = new Set<FactReceipt>();
  /** Of a bucket that has lost its past: nobody but this node knows them. */
  readonly #loose = new WeakSet<FactReceipt>();
  #lease: SendLease | null = null;
  #left: Left | null = null;
  /** When the lease ends at the earliest, in milliseconds of `performance.now()`. */
  #heldUntil = 0;
  #after: string | null = null;
  #due: readonly string[] = [];
  #isWanted = false;
  #isReading = true;
  #tending: Promise<void> | null = null;
  #isWoken = false;
  #waiting: (() => void)[] = [];
  nextAt = 0;

  constructor(bucket: number, options: BucketSenderOptions) {
    this.bucket = bucket;
    this.#options = options;
    this.#acknowledgements = new Acknowledgements(bucket, options.scripts, () => this.#lose());
  }

  /** Whether this node has something to do here. */
  get isActive(): boolean {
    return this.#isWanted || this.#lease !== null;
  }

  get lease(): SendLease | null {
    return this.#lease;
  }

  /** Wants to send this bucket's facts from now on. */
  want(): void {
    this.#isWanted = true;
    this.#isReading = true;
    this.nextAt = 0;
  }

  /** Reads no further facts, and lets go of the bucket once those handed out are acknowledged. */
  leave(): void {
    this.#isWanted = false;
    this.#isReading = false;
    this.nextAt = 0;
  }

  /** Looks after the bucket now; while that is under way, once more after it. */
  tend(): Promise<void> {
    if (!this.isActive) return Promise.resolve();
    this.#isWoken = true;
    this.#tending ??= this.#tendWhileWoken();
    return this.#tending;
  }

  settle(receipt: OpenFact): void {
    if (this.#open.delete(receipt)) this.#acknowledgements.settled(receipt.id);
  }

  end(deliveryId: string): void {
    this.#acknowledgements.ended(deliveryId);
  }

  isLoose(receipt: FactReceipt): boolean {
    return this.#loose.has(receipt);
  }

  isHeld(receipt: FactReceipt): boolean | Promise<boolean> {
    if (this.#loose.has(receipt)) return true;
    if (!this.#open.has(receipt)) return false;
    if (performance.now() < this.#heldUntil) return true;
    return new Promise((resolve) => this.#waiting.push(() => resolve(this.isHeld(receipt))));
  }

  passed(): void {
    this.#lose();
  }

  loosen(): void {
    for (const receipt of this.#open) this.#loose.add(receipt);
    this.#lose();
  }

  /** Lets go now, and leaves what is still open to the next sender. */
  async close(): Promise<void> {
    this.leave();
    await this.#tending;
    await this.#acknowledgements.flush();
    await this.#release();
  }

  async #tendWhileWoken(): Promise<void> {
    try {
      while (this.#isWoken && this.isActive) {
        this.#isWoken = false;
        await this.#tendOnce();
        if (!this.#isWanted && this.#open.size === 0 && (await this.#acknowledgements.flush())) await this.#release();
      }
    } catch {
      // Redis is away, which the link tells; facts wait in it.
      this.nextAt = performance.now() + TEND_MS;
    }
    // In the same step in which nothing more was found.
    this.#tending = null;
  }

  async #tendOnce(): Promise<void> {
    const { scripts, leaseMs, lost } = this.#options;
    const asked = performance.now();
    const after = this.#after;
    const answer = await scripts.tend(this.bucket, {
      leaseMs,
      fence: this.#lease?.fence ?? null,
      after,
      due: this.#due,
      count: this.#isReading ? READ_AT_ONCE : 0,
    });
    if (answer.kind === 'held') {
      this.#lose();
      this.nextAt = asked + TEND_MS;
      return;
    }
    if (answer.left !== null) {
      this.#begin(answer.lease, answer.left);
      await this.#waitForOthers(answer.left);
    }
    this.#lease = answer.lease;
    this.#acknowledgements.under(answer.lease);
    this.#heldUntil = asked + leaseMs;
    this.#resolveWaiting();
    this.#due = answer.due;
    if (answer.lost > 0) lost(answer.lost);
    this.nextAt = asked + Math.min(answer.dueInMs ?? Infinity, leaseMs * BUSY_PART);
    if (answer.left !== null && after !== null) {
      // What was read is not the beginning of what the lease before left.
      this.#isWoken = true;
      return;
    }
    this.#handOut(answer.entries);
    if (answer.due.length > 0 || answer.entries.length === READ_AT_ONCE) this.#isWoken = true;
    if (answer.dueInMs === null && this.#open.size === 0) this.nextAt = asked + leaseMs * IDLE_LEASES;
  }

  /** A lease has begun; under the one before, if there was one, another may have sent meanwhile. */
  #begin(lease: SendLease, left: Left): void {
    if (this.#lease !== null && this.#lease.epoch !== '' && this.#lease.epoch !== lease.epoch) this.loosen();
    else this.#lose();
    this.#left = left;
  }

  #handOut(entries: readonly FactEntry[]): void {
    const { fact: hand, redeliver } = this.#options;
    const left = this.#left;
    if (left !== null && left.deliveries.length > 0) {
      for (const delivery of left.deliveries) {
        const repetition: FactReceipt = {
          settled: () => this.#open.delete(repetition),
          isSentTo: () => false,
          isHeld: () => this.isHeld(repetition),
        };
        this.#open.add(repetition);
        redeliver(delivery, repetition, this);
      }
      this.#left = { ...left, deliveries: [] };
    }
    for (const { id, fact } of entries) {
      const receipt = new OpenFact(this, id, left?.marks.get(id) ?? []);
      this.#open.add(receipt);
      this.#after = id;
      if (fact === null) receipt.settled();
      else hand(fact, receipt);
    }
    // Later entries cannot have been marked by the former sender.
    if (entries.length < READ_AT_ONCE && this.#isReading) this.#left = null;
  }

  /**
   * Facts of this bucket may be in a delivery that another bucket's sender repeats. What came after them should not be
   * sent before that; but only a while, since its receiver may be away.
   */
  async #waitForOthers({ marks }: Left): Promise<void> {
    const elsewhere = new Map<string, number>();
    for (const list of marks.values()) {
      for (const { home, deliveryId } of list) if (home !== this.bucket) elsewhere.set(deliveryId, home);
    }
    const until = performance.now() + this.#options.leaseMs * OTHERS_PART;
    for (const [deliveryId, home] of elsewhere) {
      while (performance.now() < until && (await this.#options.scripts.isOpen(home, deliveryId)))
        await pause(OTHERS_MS);
    }
  }

  async #release(): Promise<void> {
    const lease = this.#lease;
    this.#lose();
    if (lease !== null) await this.#options.scripts.release(this.bucket, lease);
  }

  #lose(): void {
    this.#lease = null;
    this.#left = null;
    this.#after = null;
    this.#due = [];
    this.#open.clear();
    this.#acknowledgements.forget();
    this.#resolveWaiting();
  }

  #resolveWaiting(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
