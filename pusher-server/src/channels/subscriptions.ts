import type { Subscription } from './local-channel.ts';

/**
 * The places of one connection, by channel, in the order in which they were taken. Most connections have one channel,
 * and of those there may be hundreds of thousands: a `Map`, which weighs 200 bytes, is made for the second.
 */
export class Subscriptions {
  #only: Subscription | null = null;
  #all: Map<string, Subscription> | null = null;

  get size(): number {
    if (this.#all !== null) return this.#all.size;
    return this.#only === null ? 0 : 1;
  }

  get(channel: string): Subscription | undefined {
    if (this.#all !== null) return this.#all.get(channel);
    return this.#only?.channel.name === channel ? this.#only : undefined;
  }

  has(channel: string): boolean {
    return this.get(channel) !== undefined;
  }

  /** Takes a place, or another in its stead on the same channel. */
  set(subscription: Subscription): void {
    const { name } = subscription.channel;
    if (this.#all !== null) {
      this.#all.set(name, subscription);
    } else if (this.#only === null || this.#only.channel.name === name) {
      this.#only = subscription;
    } else {
      this.#all = new Map([
        [this.#only.channel.name, this.#only],
        [name, subscription],
      ]);
      this.#only = null;
    }
  }

  delete(channel: string): void {
    if (this.#all !== null) this.#all.delete(channel);
    else if (this.#only?.channel.name === channel) this.#only = null;
  }

  /** Safe against places that are given back while they are walked over. */
  *[Symbol.iterator](): Generator<Subscription> {
    if (this.#all !== null) yield* this.#all.values();
    else if (this.#only !== null) yield this.#only;
  }
}
