import type { RedisLink } from './redis-link.ts';

/** Before a reading that failed is tried again while Redis seems to be there. */
const RETRY_MS = 500;

export interface ReadingsOptions<Item> {
  readonly link: Pick<RedisLink, 'isUp' | 'on'>;
  /** Reads one thing; rejects when it could not. */
  readonly read: (item: Item) => Promise<void>;
  /** How many are read at a time. */
  readonly atOnce: number;
}

/** What has to be read from Redis, until it was: a few at a time, and while Redis is away none. */
export class Readings<Item> {
  readonly #options: ReadingsOptions<Item>;
  readonly #wanted = new Set<Item>();
  readonly #running = new Set<Item>();
  #retry: NodeJS.Timeout | null = null;

  constructor(options: ReadingsOptions<Item>) {
    this.#options = options;
    options.link.on('up', () => this.#next());
  }

  /** Reads it, once more if a reading is under way: that one may have been too early. */
  want(item: Item): void {
    this.#wanted.add(item);
    this.#next();
  }

  forget(item: Item): void {
    this.#wanted.delete(item);
  }

  /** Whether it will be read (again), so that an answer that comes now is not the one that is wanted. */
  isWanted(item: Item): boolean {
    return this.#wanted.has(item);
  }

  close(): void {
    this.#wanted.clear();
    if (this.#retry !== null) clearTimeout(this.#retry);
  }

  #next(): void {
    if (this.#retry !== null || !this.#options.link.isUp) return;
    for (const item of this.#wanted) {
      if (this.#running.size >= this.#options.atOnce) return;
      if (!this.#running.has(item)) this.#start(item);
    }
  }

  #start(item: Item): void {
    this.#wanted.delete(item);
    this.#running.add(item);
    this.#options.read(item).then(
      () => this.#finish(item),
      () => {
        // Redis is away or slow, which the link tells; nothing else makes a reading fail.
        this.#wanted.add(item);
        this.#retry ??= setTimeout(() => {
          this.#retry = null;
          this.#next();
        }, RETRY_MS);
        this.#finish(item);
      },
    );
  }

  #finish(item: Item): void {
    this.#running.delete(item);
    this.#next();
  }
}
