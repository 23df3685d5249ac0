import { BUCKETS } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

export interface AgreementOptions {
  readonly link: RedisLink;
  /** What the ledger of a bucket has to say; `null` while this node does not know. */
  readonly expected: (bucket: number) => { readonly generation: string; readonly number: number } | null;
  /** The ledger of a bucket says something else. */
  readonly differs: (bucket: number) => void;
}

/** How many buckets are compared with each renewal of the lease. */
const AT_ONCE = 32;

/**
 * Compares, some buckets at a time, how much Redis says that this node has told with what it did tell: a fail-over may
 * have lost the last writes, and a node that was taken for dead is no longer in its ledgers.
 */
export class Agreement {
  readonly #options: AgreementOptions;
  #next = 0;

  constructor(options: AgreementOptions) {
    this.#options = options;
  }

  /** Compares the next buckets in turn. Rejects when Redis cannot be reached. */
  async compareSome(): Promise<void> {
    const first = this.#next;
    this.#next = (first + AT_ONCE) % BUCKETS;
    await this.#compare(first, AT_ONCE);
  }

  async compareAll(): Promise<void> {
    await this.#compare(0, BUCKETS);
  }

  async #compare(first: number, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, index) => this.#compareBucket(first + index)));
  }

  /** The answer comes after those to everything that was told before it was asked for. */
  async #compareBucket(bucket: number): Promise<void> {
    const { link, expected, differs } = this.#options;
    const told = expected(bucket);
    if (told === null) return;
    const [generation, number] = await link.commands.hmget(link.keys.ledger(bucket, link.nodeId), 'g', 'n');
    const present = expected(bucket);
    // Meanwhile the bucket may have been entered again.
    if (present?.generation !== told.generation) return;
    if (generation !== told.generation || Number(number ?? 0) !== told.number) differs(bucket);
  }
}
