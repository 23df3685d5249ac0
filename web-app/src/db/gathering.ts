interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export interface GatheredJob<Item, Result> {
  /** The results in the order of the items. */
  run(items: readonly Item[]): Promise<readonly Result[]>;
  /** No two of one key are under way at once. */
  keyOf(item: Item): unknown;
  /** Whether a failure may be the fault of one of several: then each is run alone. */
  mayBeOnes(error: unknown): boolean;
}

/** With two, one that has to wait for a lock does not keep everybody. */
const UNDER_WAY = 2;
const MOST_TOGETHER = 32;

/** Runs a job for many at once. The first goes at once; what comes while it is under way gathers, and goes together. */
export class Gathering<Item, Result> {
  readonly #job: GatheredJob<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  readonly #underWay = new Set<readonly Waiting<Item, Result>[]>();
  readonly #keys = new Set<unknown>();

  constructor(job: GatheredJob<Item, Result>) {
    this.#job = job;
  }

  run(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#goOn();
    });
  }

  #goOn(): void {
    while (this.#underWay.size < UNDER_WAY) {
      const together = this.#take();
      if (together.length === 0) return;
      this.#underWay.add(together);
      void this.#settle(together).finally(() => {
        this.#underWay.delete(together);
        for (const { item } of together) this.#keys.delete(this.#job.keyOf(item));
        this.#goOn();
      });
    }
  }

  #take(): Waiting<Item, Result>[] {
    const together: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    for (const one of this.#waiting) {
      const key = this.#job.keyOf(one.item);
      if (together.length === MOST_TOGETHER || this.#keys.has(key)) {
        later.push(one);
      } else {
        this.#keys.add(key);
        together.push(one);
      }
    }
    this.#waiting = later;
    return together;
  }

  /** Never rejects. */
  async #settle(together: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#job.run(together.map(({ item }) => item));
      if (results.length !== together.length) throw new Error('A gathered job answered another number of results.');
      results.forEach((result, index) => together[index]?.resolve(result));
    } catch (error) {
      if (together.length > 1 && this.#job.mayBeOnes(error)) {
        await Promise.all(together.map((one) => this.#settle([one])));
      } else {
        for (const { reject } of together) reject(error);
      }
    }
  }
}
