import { Agreement } from './agreement.ts';
import { Lease, type NodeView } from './lease.ts';
import type { RedisLink } from './redis-link.ts';
import type { Repair } from './repair.ts';

export interface MembershipOptions {
  readonly link: RedisLink;
  readonly leaseMs: number;
  readonly repair: Pick<Repair, 'takeAway'>;
  readonly expected: (bucket: number) => { readonly generation: string; readonly number: number } | null;
  /** The ledger of a bucket says something else than this node. */
  readonly differs: (bucket: number) => void;
  /** This node was taken for dead: all that it holds has to be told again. */
  readonly givenUp: () => void;
  /** Who lives, after each look at the nodes. */
  readonly seen: (view: NodeView) => void;
  readonly report: (error: unknown) => void;
}

/** After this node was taken for dead everything is compared so often: whoever took its share away may still be at it. */
const COMPARISONS_AFTER_RETURN = 2;

/** This node among the others: its lease, the dead whose share it takes away, and whether its own is still there. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #lease: Lease;
  readonly #agreement: Agreement;
  #fullComparisons = 0;

  constructor(options: MembershipOptions) {
    this.#options = options;
    const { link, leaseMs, expected, differs, report } = options;
    this.#agreement = new Agreement({ link, expected, differs });
    this.#lease = new Lease({
      link,
      leaseMs,
      seen: (view) => this.#look(view),
      renewed: (wasGivenUp) => this.#renewed(wasGivenUp),
      report,
    });
  }

  /** Redis is here. */
  begin(): Promise<void> {
    return this.#lease.begin();
  }

  /** Redis is away. */
  pause(): void {
    this.#lease.pause();
  }

  /** Everything has been given back. */
  end(): Promise<void> {
    return this.#lease.end();
  }

  #look(view: NodeView): void {
    this.#options.seen(view);
    for (const dead of view.expired) {
      if (dead !== this.#options.link.nodeId) this.#watch(this.#options.repair.takeAway(dead));
    }
  }

  #renewed(wasGivenUp: boolean): void {
    if (wasGivenUp) {
      this.#fullComparisons = COMPARISONS_AFTER_RETURN;
      this.#options.givenUp();
      return;
    }
    if (this.#fullComparisons === 0) {
      this.#watch(this.#agreement.compareSome());
      return;
    }
    this.#fullComparisons -= 1;
    this.#watch(this.#agreement.compareAll());
  }

  /** What fails because Redis went away is begun again when it is back. */
  #watch(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (this.#options.link.isUp) this.#options.report(error);
    });
  }
}
