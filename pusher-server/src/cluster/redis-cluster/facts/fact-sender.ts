import type { Logger } from '../../../logger.ts';
import type { ClusterListener, Delivery, Fact, FactReceipt } from '../../cluster.ts';
import { BUCKETS } from '../keys.ts';
import type { RedisLink } from '../redis-link.ts';
import type { Topics } from '../topics.ts';
import { BucketSender, TEND_MS } from './bucket-sender.ts';
import { Deliveries } from './deliveries.ts';
import { HandedInFacts } from './handed-in-facts.ts';
import { SendingScripts } from './sending-scripts.ts';

export interface FactSenderOptions {
  readonly link: RedisLink;
  readonly topics: Pick<Topics, 'hear' | 'forget'>;
  readonly listener: Pick<ClusterListener, 'fact' | 'redeliver' | 'wants'>;
  /** How long a bucket belongs to a sender that is not heard of. */
  readonly leaseMs: number;
  readonly log: Pick<Logger, 'warn'>;
}

/** How long after Redis's return other nodes have for coming back too: more than the longest pause before connecting. */
const RETURN_MS = 3_000;

/**
 * Sends the facts of this node's buckets. Living nodes deal the buckets by rank; a bucket changes hands when its former
 * sender has finished with what it had begun, or is not heard of for the time of a lease.
 */
export class FactSender {
  readonly #options: FactSenderOptions;
  readonly #scripts: SendingScripts;
  readonly #deliveries: Deliveries;
  readonly #handedIn: HandedInFacts;
  readonly #buckets: readonly BucketSender[];
  readonly #timer: NodeJS.Timeout;
  readonly #heard = new Set<number>();
  #backSince = -Infinity;
  #rank = -1;
  #count = 0;
  #isDraining = false;
  #lostFacts = 0;

  constructor(options: FactSenderOptions) {
    const { link, listener, leaseMs } = options;
    this.#options = options;
    this.#scripts = new SendingScripts(link);
    this.#deliveries = new Deliveries(this.#scripts);
    this.#handedIn = new HandedInFacts(this.#scripts, (count) => this.#lost(count));
    const senderOptions = {
      scripts: this.#scripts,
      leaseMs,
      fact: (fact: Fact, receipt: FactReceipt) => listener.fact(fact, receipt),
      redeliver: (delivery: Delivery, receipt: FactReceipt, home: BucketSender) => {
        this.#deliveries.repeated(delivery, home);
        listener.redeliver(delivery, receipt);
      },
      lost: (count: number) => this.#lost(count),
    };
    this.#buckets = Array.from({ length: BUCKETS }, (_, b) => new BucketSender(b, senderOptions));
    this.#timer = setInterval(() => this.#tick(), TEND_MS);
    this.#timer.unref();
    link.on('up', () => {
      if (this.#rank >= 0) this.#backSince = performance.now();
      for (const bucket of this.#buckets) bucket.nextAt = 0;
    });
  }

  /** Facts that fell off a full stream or queue, as far as this node knows. */
  get lostFacts(): number {
    return this.#lostFacts;
  }

  /** Makes the scripts known to Redis. */
  load(): Promise<void> {
    return this.#scripts.load();
  }

  /**
   * This node is the `rank`th of `count` living ones, from 0; −1: it has no place among them. To be told with every look
   * at the nodes, since right after Redis's return it is not taken at its word.
   */
  ranksChanged(rank: number, count: number): void {
    if (this.#isDraining || (rank === this.#rank && count === this.#count)) return;
    // Nobody could renew a lease while Redis was away: who seems dead may only not be back yet.
    if (performance.now() - this.#backSince < RETURN_MS) return;
    this.#rank = rank;
    this.#count = count;
    for (const bucket of this.#buckets) {
      const isMine = rank >= 0 && bucket.bucket % count === rank;
      if (isMine) this.#want(bucket);
      else if (bucket.isActive) bucket.leave();
    }
    this.#tick();
  }

  /** Hands in a fact that this node alone can state, when the app wants to know. */
  tell(fact: Fact): void {
    if (this.#options.listener.wants(fact.appId, fact.kind)) this.#handedIn.add(fact);
  }

  keepDelivery(delivery: Delivery, receipts: readonly FactReceipt[]): Promise<boolean> {
    return this.#deliveries.keep(delivery, receipts);
  }

  endDelivery(delivery: Delivery): void {
    this.#deliveries.end(delivery);
  }

  /** Hands out what is in this node's buckets now, and then nothing more. */
  async drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    if (!this.#options.link.isUp) return;
    await this.#handedIn.flush();
    await Promise.all(this.#buckets.filter(({ isActive }) => isActive).map((bucket) => bucket.tend()));
    for (const bucket of this.#buckets) if (bucket.isActive) bucket.leave();
  }

  /** Leaves what is not settled to other nodes. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#isDraining = true;
    this.#deliveries.close();
    this.#handedIn.close();
    if (!this.#options.link.isUp) return;
    await Promise.allSettled(this.#buckets.filter(({ isActive }) => isActive).map((bucket) => bucket.close()));
  }

  #want(bucket: BucketSender): void {
    const { link, topics } = this.#options;
    bucket.want();
    if (this.#heard.has(bucket.bucket)) return;
    this.#heard.add(bucket.bucket);
    const tend = () => void bucket.tend();
    // Before it is heard, and in gaps, somebody may have wanted to wake it.
    void topics.hear(link.keys.wake(bucket.bucket), tend, tend);
  }

  #tick(): void {
    const { link, topics } = this.#options;
    if (!link.isUp) return;
    const now = performance.now();
    for (const bucket of this.#buckets) {
      if (bucket.isActive) {
        if (bucket.nextAt <= now) void bucket.tend();
      } else if (this.#heard.delete(bucket.bucket)) {
        topics.forget(link.keys.wake(bucket.bucket));
      }
    }
  }

  #lost(count: number): void {
    if (this.#lostFacts === 0) this.#options.log.warn('facts for webhooks are lost: more come than can be sent');
    this.#lostFacts += count;
  }
}
