import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery, FactReceipt } from '../../cluster.ts';
import { OpenFact, type FactHolder } from './open-fact.ts';
import type { SendingScripts, SendLease } from './sending-scripts.ts';

/** Before it is tried again to keep what Redis did not confirm. */
const RETRY_MS = 250;

/** The facts of a delivery that lie in one bucket. */
interface Part {
  readonly sender: FactHolder;
  readonly lease: SendLease;
  readonly ids: string[];
}

/**
 * Keeps deliveries in Redis before they are sent: whole in the bucket of their first fact, their home, while the facts
 * in all buckets are marked with it. A marked fact is not sent to that destination again; the home's sender repeats what
 * was not ended.
 */
export class Deliveries {
  readonly #scripts: Pick<SendingScripts, 'keepDelivery' | 'markFacts'>;
  readonly #homes = new Map<string, FactHolder>();
  #isClosed = false;

  constructor(scripts: Pick<SendingScripts, 'keepDelivery' | 'markFacts'>) {
    this.#scripts = scripts;
  }

  /** Resolves to `false` when another node sends some of the facts. Waits while Redis is away. */
  async keep(delivery: Delivery, receipts: readonly FactReceipt[]): Promise<boolean> {
    const facts = receipts.filter((receipt) => receipt instanceof OpenFact);
    while (!this.#isClosed) {
      for (const fact of facts) {
        const held = fact.isHeld();
        if (held !== true && !(await held)) return false;
      }
      const parts = partsOf(facts);
      // Nobody but this node knows of them.
      if (parts.length === 0) return true;
      const outcome = await this.#keepParts(delivery, parts).catch(() => 'away' as const);
      if (outcome !== 'lost' && outcome !== 'away') return outcome === 'kept';
      if (outcome === 'away') await pause(RETRY_MS);
    }
    return false;
  }

  /** A delivery that a former sender kept is repeated from this bucket. */
  repeated(delivery: Delivery, home: FactHolder): void {
    this.#homes.set(delivery.id, home);
  }

  end(delivery: Delivery): void {
    this.#homes.get(delivery.id)?.end(delivery.id);
    this.#homes.delete(delivery.id);
  }

  close(): void {
    this.#isClosed = true;
  }

  async #keepParts(delivery: Delivery, parts: readonly Part[]): Promise<'kept' | 'passed' | 'lost'> {
    const [home] = parts;
    if (home === undefined) return 'kept';
    const mark = { destination: delivery.destination, home: home.sender.bucket, deliveryId: delivery.id };
    const outcomes = await Promise.all(
      parts.map(async (part) => {
        const { sender, lease, ids } = part;
        const outcome =
          part === home
            ? await this.#scripts.keepDelivery(sender.bucket, lease, mark, delivery, ids)
            : await this.#scripts.markFacts(sender.bucket, lease, mark, ids);
        if (outcome === 'passed') sender.passed();
        if (outcome === 'lost') sender.loosen();
        return outcome;
      }),
    );
    if (outcomes.every((outcome) => outcome === 'kept')) {
      this.#homes.set(delivery.id, home.sender);
      return 'kept';
    }
    // It will not be sent as it is.
    if (outcomes[0] === 'kept') home.sender.end(delivery.id);
    return outcomes.includes('passed') ? 'passed' : 'lost';
  }
}

/** The facts by bucket, without those that Redis knows nothing of any more. */
function partsOf(facts: readonly OpenFact[]): readonly Part[] {
  const parts = new Map<FactHolder, Part>();
  for (const fact of facts) {
    const { sender } = fact;
    if (sender.lease === null || sender.isLoose(fact)) continue;
    let part = parts.get(sender);
    if (part === undefined) parts.set(sender, (part = { sender, lease: sender.lease, ids: [] }));
    part.ids.push(fact.id);
  }
  return [...parts.values()];
}
