import type { ChannelRef, MemberContribution } from '../cluster.ts';
import type { BucketScripts } from './bucket-scripts.ts';
import { BucketStandings, type Entrance } from './bucket-standing.ts';
import { DirtySet } from './dirty-set.ts';
import { Holdings, type HeldMember, type Holding, type MemberOutcome } from './holdings.ts';
import { BUCKETS, bucketOf } from './keys.ts';
import type { LedgerItem } from './ledger-item.ts';
import { Teller, type TellerOptions } from './teller.ts';
import { TellingRules, type TellingListener } from './telling-rules.ts';

export interface ContributionsOptions {
  readonly nodeId: string;
  readonly scripts: TellerOptions['scripts'] & Pick<BucketScripts, 'enter'>;
  readonly listener: TellingListener & TellerOptions['listener'];
  readonly isUp: () => boolean;
  readonly webhookDelayMs: number;
  readonly leaseMs: number;
  /** A bucket was entered, for the first time or again; `lostPast`: what it knew before is gone. */
  readonly entered: (bucket: number, lostPast: boolean) => void;
  readonly report: (error: unknown) => void;
}

const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
/** How long after a failure, with Redis still there, the same is tried again. */
const RETRY_MS = 200;

/**
 * Tells Redis what this node holds, in absolute numbers: what changed goes out at the end of the synchronous step, at
 * most one telling of a thing is under way, and what was not answered is told again. Bounded by what the node holds.
 */
export class Contributions {
  readonly holdings = new Holdings();
  readonly #options: ContributionsOptions;
  readonly #standings: BucketStandings;
  readonly #teller: Teller;
  readonly #dirty = new DirtySet(
    (held) => this.#send(held),
    (bucket) => this.#standings.isInside(bucket),
  );
  readonly #underWay: readonly Set<Promise<void>>[] = Array.from({ length: BUCKETS }, () => new Set<Promise<void>>());
  readonly #failed = new Set<number>();
  #retry: NodeJS.Timeout | null = null;

  constructor(options: ContributionsOptions) {
    this.#options = options;
    this.#standings = new BucketStandings({
      nodeId: options.nodeId,
      scripts: options.scripts,
      settlingMs: options.leaseMs,
      entered: (entrance) => this.#entered(entrance),
      failed: (bucket, error) => this.#enteringFailed(bucket, error),
    });
    this.#teller = new Teller({
      scripts: options.scripts,
      listener: options.listener,
      rules: new TellingRules(options.listener, options.webhookDelayMs),
      standings: this.#standings,
      full: (held) => this.#refuseMember(held),
    });
  }

  /** How many things Redis does not know yet. */
  get dirty(): number {
    return this.#dirty.size;
  }

  /** What the ledger of a bucket has to say when it agrees with this node; `null` while that cannot be said. */
  expected(bucket: number): { readonly generation: string; readonly number: number } | null {
    return this.#standings.expected(bucket);
  }

  /** Tells how many sockets this node has on a channel without presence. */
  apply(channel: ChannelRef, sockets: number): void {
    const held = this.holdings.channel(channel);
    held.sockets = sockets;
    this.#dirty.add(held);
  }

  /** Tells what this node has of a user on a presence channel. Never rejects. */
  applyMember(channel: ChannelRef, contribution: MemberContribution): Promise<MemberOutcome> {
    const { userId, userInfo, sockets, maxMembers } = contribution;
    const held = this.holdings.member(channel, userId);
    if (held.sockets === 0) held.userInfo = userInfo;
    this.#setMember(held, sockets);
    if (sockets > 0) held.maxMembers = maxMembers;
    this.#dirty.add(held);
    if (!this.#options.isUp()) {
      held.isAdmitted = sockets > 0;
      return Promise.resolve({ kind: 'away' });
    }
    return new Promise((resolve) => held.asking.push(resolve));
  }

  /** Tells how many connections are signed in as a user here. */
  applyUser(appId: string, userId: string, connections: number): void {
    const held = this.holdings.user(appId, userId);
    held.sockets = connections;
    this.#dirty.add(held);
  }

  /**
   * Sends what can be sent, and resolves when what is known now has been answered, of one bucket or of all; it does not
   * wait for Redis to come back.
   */
  async flush(bucket: number | null = null): Promise<void> {
    this.#dirty.flush();
    const buckets = bucket === null ? ALL_BUCKETS : [bucket];
    await Promise.all(buckets.map((each) => this.#standings.whenEntered(each)));
    // What waited for an answer is sent by the first round and answered by the second.
    for (let round = 0; round < 2; round += 1) {
      this.#dirty.flush();
      await Promise.all(buckets.flatMap((each) => [...this.#of(each)]));
    }
  }

  /** The epoch of a channel's bucket that is known. */
  epochOf({ appId, name }: ChannelRef): string | null {
    return this.#standings.epochOf(bucketOf(appId, name));
  }

  /** A member that came while Redis was away turned out not to fit. */
  takeBack(channel: ChannelRef, userId: string): void {
    const held = this.holdings.member(channel, userId);
    this.#setMember(held, 0);
    this.#dirty.add(held);
  }

  /** Redis is here (again): every bucket is entered and compared. Also to be called when this node was given up. */
  enterAll(): void {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) this.#standings.enter(bucket);
  }

  /** The ledger of a bucket does not say what it should: what it holds is compared and told again. */
  enterAgain(bucket: number): void {
    this.#standings.enter(bucket);
  }

  /** Redis is away: whoever waits is answered so. */
  leaveAll(): void {
    this.#standings.leaveAll();
    for (const held of this.#dirty) this.#answerAway(held);
  }

  close(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#standings.leaveAll();
    this.#dirty.clear();
  }

  #of(bucket: number): Set<Promise<void>> {
    return this.#underWay[bucket] ?? new Set();
  }

  #setMember(held: HeldMember, sockets: number): void {
    held.of.sockets += sockets - held.sockets;
    held.sockets = sockets;
    // Whoever comes after everybody of that user has left is judged anew.
    if (sockets === 0) held.isAdmitted = false;
  }

  #send(held: Holding): void {
    const caller = this.#standings.nextCaller(held.bucket);
    if (caller === null) return;
    const { bucket } = held;
    const telling: Promise<void> = this.#teller
      .tell(held, caller)
      .catch((error: unknown) => {
        this.#answerAway(held);
        this.#standings.leave(bucket);
        this.#tryAgainLater(bucket, error);
        return true;
      })
      .then((isDirty) => {
        held.isSending = false;
        this.#of(bucket).delete(telling);
        if (isDirty || held.isDirty) this.#dirty.add(held);
        else this.holdings.forgetIfDone(held);
      });
    held.isSending = true;
    this.#of(bucket).add(telling);
  }

  /** Nothing of it was taken, and those who asked meanwhile for the same user came to the same full channel. */
  #refuseMember(held: HeldMember): void {
    this.#setMember(held, 0);
    this.#dirty.remove(held);
    for (const take of held.asking.splice(0)) take({ kind: 'full' });
    // What was told of others in the meantime counted these sockets as well.
    if (held.of.sockets !== held.of.confirmed) this.#dirty.add(held.of);
  }

  #entered({ bucket, lostPast, wasFenced, agrees, items }: Entrance): void {
    if (!agrees) this.#tellWhole(bucket, lostPast, wasFenced);
    for (const item of items) this.#compare(item);
    this.#dirty.flushBucket(bucket);
    this.#options.entered(bucket, lostPast);
  }

  #tellWhole(bucket: number, lostPast: boolean, wasFenced: boolean): void {
    for (const held of this.holdings.inBucket(bucket)) {
      if (lostPast && held.confirmed > 0) held.was = true;
      if (lostPast || wasFenced) held.confirmed = 0;
      // A presence channel is told with its members.
      if (held.kind !== 'channel' || held.members.size === 0) this.#dirty.add(held);
    }
  }

  /** What the ledger says that this node holds and it does not is told with 0. */
  #compare({ kind, appId, name, userId }: LedgerItem): void {
    const channel = { appId, name, topic: `${appId}/${name}` };
    const held =
      kind === 'channel'
        ? this.holdings.channel(channel)
        : kind === 'member'
          ? this.holdings.member(channel, userId ?? '')
          : this.holdings.user(appId, userId ?? '');
    if (held.sockets > 0 || held.confirmed > 0 || held.isDirty || held.isSending) return;
    held.confirmed = 1;
    this.#dirty.add(held);
  }

  #enteringFailed(bucket: number, error: unknown): void {
    for (const held of this.#dirty.inBucket(bucket)) this.#answerAway(held);
    this.#tryAgainLater(bucket, error);
  }

  #answerAway(held: Holding): void {
    if (held.kind !== 'member' || held.asking.length === 0) return;
    if (held.sockets > 0) held.isAdmitted = true;
    for (const take of held.asking.splice(0)) take({ kind: 'away' });
  }

  /** After a break everything is entered anew anyway; this is for failures that leave the connection as it is. */
  #tryAgainLater(bucket: number, error: unknown): void {
    if (this.#options.isUp()) this.#options.report(error);
    this.#failed.add(bucket);
    if (this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      const buckets = [...this.#failed];
      this.#failed.clear();
      if (!this.#options.isUp()) return;
      for (const bucket of buckets) this.#standings.enter(bucket);
    }, RETRY_MS);
    this.#retry.unref();
  }
}
