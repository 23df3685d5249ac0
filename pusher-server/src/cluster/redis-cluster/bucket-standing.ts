import { randomBytes } from 'node:crypto';
import type { BucketScripts, Caller } from './bucket-scripts.ts';
import { BUCKETS } from './keys.ts';
import type { LedgerItem } from './ledger-item.ts';

/** How this node stands in one bucket. */
interface Standing {
  /** `inside`: what it tells is taken. `outside`: it has to enter, again or for the first time. */
  state: 'outside' | 'entering' | 'inside';
  /** The last that is known; kept while outside, because a change of it means that Redis lost its past. */
  epoch: string | null;
  generation: string;
  /** Of the last thing told, or of the ledger where that is higher. */
  number: number;
  entering: Promise<void>;
}

/** What entering a bucket showed. */
export interface Entrance {
  readonly bucket: number;
  /** The bucket knows nothing of what this node told it before. */
  readonly lostPast: boolean;
  /** What this node had was taken away meanwhile. */
  readonly wasFenced: boolean;
  /** The ledger says the same as this node about how much was told. */
  readonly agrees: boolean;
  /** What the ledger says that this node holds. */
  readonly items: readonly LedgerItem[];
}

export interface StandingOptions {
  readonly nodeId: string;
  readonly scripts: Pick<BucketScripts, 'enter'>;
  /** How long a bucket waits, after it lost its past, for everybody to say what they held. */
  readonly settlingMs: number;
  readonly entered: (entrance: Entrance) => void;
  /** Entering failed; it can be tried again. */
  readonly failed: (bucket: number, error: unknown) => void;
}

/** In whose name, generation and order this node tells what it holds, a bucket at a time. */
export class BucketStandings {
  readonly #options: StandingOptions;
  readonly #buckets: readonly Standing[];

  constructor(options: StandingOptions) {
    this.#options = options;
    this.#buckets = Array.from({ length: BUCKETS }, () => ({
      state: 'outside',
      epoch: null,
      generation: newName(),
      number: 0,
      entering: Promise.resolve(),
    }));
  }

  isInside(bucket: number): boolean {
    return this.#of(bucket).state === 'inside';
  }

  /** The caller for the next thing to be told, `null` outside. */
  nextCaller(bucket: number): Caller | null {
    const standing = this.#of(bucket);
    if (standing.state !== 'inside' || standing.epoch === null) return null;
    standing.number += 1;
    const { epoch, generation, number } = standing;
    return { node: this.#options.nodeId, epoch, generation, number };
  }

  /** What the ledger has to say when it agrees with this node, `null` outside. */
  expected(bucket: number): { readonly generation: string; readonly number: number } | null {
    const { state, generation, number } = this.#of(bucket);
    return state === 'inside' ? { generation, number } : null;
  }

  /** The epoch that was known last; `null` before the bucket was ever entered. */
  epochOf(bucket: number): string | null {
    return this.#of(bucket).epoch;
  }

  /** Resolves when an entrance that is under way has ended, well or not. */
  whenEntered(bucket: number): Promise<void> {
    return this.#of(bucket).entering;
  }

  /** Whether an answer that was given to `caller` is about the present standing. */
  isPresent(bucket: number, caller: Caller): boolean {
    const { state, epoch, generation } = this.#of(bucket);
    return state === 'inside' && epoch === caller.epoch && generation === caller.generation;
  }

  /** Enters a bucket again, unless that is under way. */
  enter(bucket: number): void {
    const standing = this.#of(bucket);
    if (standing.state === 'entering') return;
    standing.state = 'entering';
    const { nodeId, scripts, settlingMs } = this.#options;
    const knownEpoch = standing.epoch;
    standing.entering = scripts
      .enter(bucket, { node: nodeId, newGeneration: newName(), newEpoch: newName(), knownEpoch, settlingMs })
      .then(({ epoch, generation, number, items }) => {
        const lostPast = knownEpoch !== null && knownEpoch !== epoch;
        const wasFenced = generation !== standing.generation;
        const agrees = !lostPast && !wasFenced && number === standing.number;
        standing.number = wasFenced ? number : Math.max(number, standing.number);
        standing.epoch = epoch;
        standing.generation = generation;
        standing.state = 'inside';
        this.#options.entered({ bucket, lostPast, wasFenced, agrees, items });
      })
      .catch((error: unknown) => {
        standing.state = 'outside';
        this.#options.failed(bucket, error);
      });
  }

  /** Something failed: whatever is told next in this bucket has to be preceded by an entrance. */
  leave(bucket: number): void {
    const standing = this.#of(bucket);
    if (standing.state === 'inside') standing.state = 'outside';
  }

  /** Redis is away. */
  leaveAll(): void {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) this.leave(bucket);
  }

  #of(bucket: number): Standing {
    const standing = this.#buckets[bucket];
    if (standing === undefined) throw new RangeError(`There is no bucket ${String(bucket)}`);
    return standing;
  }
}

/** A generation or an epoch: nobody else may come to have the same one. */
function newName(): string {
  return randomBytes(8).toString('hex');
}
