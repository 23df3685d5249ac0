import type { Delivery } from '../../cluster.ts';
import type { RedisLink } from '../redis-link.ts';
import { Script } from '../script.ts';
import { ACKNOWLEDGE } from '../scripts/acknowledge.ts';
import { HAND_IN } from '../scripts/hand-in.ts';
import { KEEP_DELIVERY } from '../scripts/keep-delivery.ts';
import { RELEASE } from '../scripts/release.ts';
import { TEND } from '../scripts/tend.ts';
import { readDueEntry } from './due-entry.ts';
import { readFactEntry, type FactEntry } from './fact-entry.ts';
import { readDelivery, readMarks, type Mark } from './kept-delivery.ts';

/** Under what this node sends a bucket's facts. */
export interface SendLease {
  readonly fence: string;
  /** That of the bucket when the lease was taken or last renewed; empty when it has none. */
  readonly epoch: string;
}

/** `held`: another node sends this bucket's facts. */
export type Tended =
  | { readonly kind: 'held' }
  | {
      readonly kind: 'sending';
      readonly lease: SendLease;
      /** Milliseconds until something is due, `null` when nothing will be. */
      readonly dueInMs: number | null;
      /** Entries that are due now; the next call has to name them. */
      readonly due: readonly string[];
      readonly entries: readonly FactEntry[];
      /** Facts that fell off the stream since the last answer. */
      readonly lost: number;
      /** What the former sender left; `null` when this call renewed a lease. */
      readonly left: Left | null;
    };

export interface Left {
  /** By entry: which destinations a former sender saw to. */
  readonly marks: ReadonlyMap<string, readonly Mark[]>;
  readonly deliveries: readonly Delivery[];
}

export interface TendOptions {
  readonly leaseMs: number;
  /** Of the lease that the node believes to have; `null` when it has none. */
  readonly fence: string | null;
  /** The last entry that was read; `null` at the beginning. */
  readonly after: string | null;
  readonly due: readonly string[];
  /** Facts to read at most. */
  readonly count: number;
}

/** Words in one call: Redis takes many more, but others wait meanwhile. */
const WORDS_AT_ONCE = 500;

const SCRIPTS = {
  tend: new Script(TEND),
  keepDelivery: new Script(KEEP_DELIVERY),
  acknowledge: new Script(ACKNOWLEDGE),
  release: new Script(RELEASE),
  handIn: new Script(HAND_IN),
};

/** What the sender of a bucket's facts asks of it. Calls reject when Redis does not answer, and may be sent again. */
export class SendingScripts {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Makes the scripts known to Redis. */
  async load(): Promise<void> {
    await Promise.all(Object.values(SCRIPTS).map((script) => script.load(this.#link)));
  }

  /** Takes or renews the lease to send, ripens what is due, and reads facts. */
  async tend(b: number, { leaseMs, fence, after, due, count }: TendOptions): Promise<Tended> {
    const { keys, nodeId, publishCommand } = this.#link;
    const entries = due.map((entry) => readDueEntry(keys, b, entry));
    const start = after === null ? '-' : `(${after}`;
    const answer = await SCRIPTS.tend.run(
      this.#link,
      [
        keys.epoch(b),
        keys.due(b),
        keys.facts(b),
        keys.send(b),
        keys.marks(b),
        keys.deliveries(b),
        ...entries.flatMap((entry) => entry.keys),
      ],
      [
        nodeId,
        leaseMs,
        start,
        count,
        publishCommand,
        keys.wake(b),
        fence ?? '',
        ...entries.flatMap((entry) => entry.args),
      ],
    );
    const [kind, newFence, epoch, dueIn, ripe, found, lost, marks, deliveries] = listOf(answer);
    if (kind !== 'sending') return { kind: 'held' };
    const isNew = marks !== undefined;
    return {
      kind,
      lease: { fence: String(newFence), epoch: String(epoch) },
      dueInMs: Number(dueIn) < 0 ? null : Number(dueIn),
      due: listOf(ripe).map(String),
      entries: listOf(found).flatMap((entry) => readFactEntry(entry) ?? []),
      lost: Number(lost),
      left: isNew
        ? {
            marks: readMarks(listOf(marks).map(String)),
            deliveries: listOf(deliveries).flatMap((json) => readDelivery(String(json)) ?? []),
          }
        : null,
    };
  }

  /** Keeps a delivery in its home bucket and marks the facts that it carries from there. */
  keepDelivery(
    b: number,
    lease: SendLease,
    mark: Mark,
    delivery: Delivery,
    entryIds: readonly string[],
  ): Promise<'kept' | 'passed' | 'lost'> {
    return this.#keep(b, lease, mark, JSON.stringify(delivery), entryIds);
  }

  /** Marks facts of another bucket than the delivery's home. */
  markFacts(b: number, lease: SendLease, mark: Mark, entryIds: readonly string[]): Promise<'kept' | 'passed' | 'lost'> {
    return this.#keep(b, lease, mark, '', entryIds);
  }

  /** Lets go of deliveries and facts; `false` when another node sends now. */
  async acknowledge(
    b: number,
    { fence }: SendLease,
    ended: readonly string[],
    settled: readonly string[],
  ): Promise<boolean> {
    const { keys } = this.#link;
    const names = [keys.send(b), keys.facts(b), keys.marks(b), keys.deliveries(b)];
    for (let i = 0; i === 0 || i < settled.length; i += WORDS_AT_ONCE) {
      const first = i === 0 ? ended : [];
      const args = [fence, first.length, ...first, ...settled.slice(i, i + WORDS_AT_ONCE)];
      if ((await SCRIPTS.acknowledge.run(this.#link, names, args)) !== 1) return false;
    }
    return true;
  }

  /** Gives the lease back, so that the next sender need not wait for its end. */
  async release(b: number, { fence }: SendLease): Promise<void> {
    const { keys, publishCommand } = this.#link;
    await SCRIPTS.release.run(this.#link, [keys.send(b)], [fence, publishCommand, keys.wake(b)]);
  }

  /** Adds facts in JSON, once for each `number`, which rises. */
  async handIn(b: number, number: number, facts: readonly string[]): Promise<void> {
    const { keys, nodeId, publishCommand } = this.#link;
    await SCRIPTS.handIn.run(
      this.#link,
      [keys.epoch(b), keys.facts(b), keys.toldBy(b, nodeId)],
      [publishCommand, keys.wake(b), number, ...facts],
    );
  }

  /** Whether a delivery has not ended. */
  async isOpen(home: number, deliveryId: string): Promise<boolean> {
    return (await this.#link.commands.hexists(this.#link.keys.deliveries(home), deliveryId)) === 1;
  }

  async #keep(
    b: number,
    { fence, epoch }: SendLease,
    mark: Mark,
    json: string,
    entryIds: readonly string[],
  ): Promise<'kept' | 'passed' | 'lost'> {
    const { keys } = this.#link;
    const { destination, home, deliveryId } = mark;
    const answer = await SCRIPTS.keepDelivery.run(
      this.#link,
      [keys.epoch(b), keys.send(b), keys.deliveries(b), keys.marks(b)],
      [fence, epoch, deliveryId, json, `${destination} ${String(home)} ${deliveryId}`, ...entryIds],
    );
    return answer === 'kept' || answer === 'lost' ? answer : 'passed';
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
