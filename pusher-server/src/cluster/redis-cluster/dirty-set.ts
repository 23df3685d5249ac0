import type { Holding } from './holdings.ts';
import { BUCKETS } from './keys.ts';

/**
 * What has to be told and is not being told now, by bucket: each thing once, however often it changed. What came
 * together in one synchronous step goes out at its end, in the order in which it came, and the link gathers what one
 * tick brings into one pipeline.
 */
export class DirtySet {
  readonly #send: (held: Holding) => void;
  readonly #canSend: (bucket: number) => boolean;
  readonly #buckets: readonly Set<Holding>[] = Array.from({ length: BUCKETS }, () => new Set<Holding>());
  readonly #waiting = new Set<number>();
  #size = 0;
  #isPlanned = false;

  constructor(send: (held: Holding) => void, canSend: (bucket: number) => boolean) {
    this.#send = send;
    this.#canSend = canSend;
  }

  get size(): number {
    return this.#size;
  }

  /** One that is being told only remembers it: whoever tells it adds it again when the answer has come. */
  add(held: Holding): void {
    if (held.isSending) {
      held.isDirty = true;
      return;
    }
    const bucket = this.#of(held.bucket);
    if (!bucket.has(held)) {
      bucket.add(held);
      this.#size += 1;
    }
    held.isDirty = true;
    this.#waiting.add(held.bucket);
    this.#plan();
  }

  remove(held: Holding): void {
    held.isDirty = false;
    if (this.#of(held.bucket).delete(held)) this.#size -= 1;
  }

  inBucket(bucket: number): readonly Holding[] {
    return [...this.#of(bucket)];
  }

  *[Symbol.iterator](): Generator<Holding> {
    for (const bucket of this.#buckets) yield* [...bucket];
  }

  /** Sends whatever may be sent now. */
  flush(): void {
    if (this.#waiting.size === 0) return;
    const buckets = [...this.#waiting];
    this.#waiting.clear();
    for (const bucket of buckets) this.flushBucket(bucket);
  }

  flushBucket(bucket: number): void {
    if (!this.#canSend(bucket)) return;
    for (const held of this.inBucket(bucket)) {
      this.remove(held);
      this.#send(held);
    }
  }

  clear(): void {
    for (const held of this) this.remove(held);
    this.#waiting.clear();
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      this.flush();
    });
  }

  #of(bucket: number): Set<Holding> {
    const found = this.#buckets[bucket];
    if (found === undefined) throw new RangeError(`There is no bucket ${String(bucket)}`);
    return found;
  }
}
