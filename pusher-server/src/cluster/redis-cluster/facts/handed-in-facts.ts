import { setTimeout as pause } from 'node:timers/promises';
import type { Fact } from '../../cluster.ts';
import { bucketOf } from '../keys.ts';
import type { SendingScripts } from './sending-scripts.ts';

/** Facts that wait for Redis at most; beyond, a new one is lost and counted. */
const MAX_WAITING = 10_000;
const BATCH = 200;
/** Before a batch is tried again that Redis did not confirm. */
const RETRY_MS = 250;

/**
 * Facts that this node alone can state, on their way into the streams. What a tick brings to a bucket goes out together,
 * one batch at a time, numbered, so that a batch of which nobody knows whether it arrived may be sent again.
 */
export class HandedInFacts {
  readonly #scripts: Pick<SendingScripts, 'handIn'>;
  readonly #lost: (count: number) => void;
  readonly #buckets = new Map<number, { waiting: string[]; sending: Promise<void> | null }>();
  #waiting = 0;
  #number = 0;
  #isClosed = false;

  constructor(scripts: Pick<SendingScripts, 'handIn'>, lost: (count: number) => void) {
    this.#scripts = scripts;
    this.#lost = lost;
  }

  add(fact: Fact): void {
    if (this.#waiting >= MAX_WAITING) {
      this.#lost(1);
      return;
    }
    const b = bucketOf(fact.appId, fact.channel);
    let bucket = this.#buckets.get(b);
    if (bucket === undefined) this.#buckets.set(b, (bucket = { waiting: [], sending: null }));
    bucket.waiting.push(JSON.stringify(fact));
    this.#waiting += 1;
    bucket.sending ??= this.#send(b, bucket.waiting);
  }

  /** Resolves when everything is in the streams. */
  async flush(): Promise<void> {
    while (this.#buckets.size > 0 && !this.#isClosed) {
      for (const { sending } of [...this.#buckets.values()]) await sending;
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  async #send(b: number, waiting: string[]): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting.length > 0 && !this.#isClosed) {
      const batch = waiting.splice(0, BATCH);
      this.#number += 1;
      await this.#sendBatch(b, this.#number, batch);
      this.#waiting -= batch.length;
    }
    // In the same step in which nothing more was found.
    this.#buckets.delete(b);
  }

  async #sendBatch(b: number, number: number, batch: readonly string[]): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#scripts.handIn(b, number, batch);
        return;
      } catch {
        // Redis is away, which the link tells.
        await pause(RETRY_MS, undefined, { ref: false });
      }
    }
  }
}
