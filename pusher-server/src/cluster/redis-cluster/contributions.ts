import type { ChannelRef, ClusterListener, MemberContribution } from '../cluster.ts';
import type { BucketScripts, Caller } from './bucket-scripts.ts';
import { BucketStandings, type Entrance } from './bucket-standing.ts';
import { DirtySet } from './dirty-set.ts';
import {
  Holdings,
  type HeldChannel,
  type HeldMember,
  type HeldUser,
  type Holding,
  type MemberOutcome,
} from './holdings.ts';
import { BUCKETS, bucketOf } from './keys.ts';
import type { LedgerItem } from './ledger-item.ts';
import { TellingRules, type TellingListener } from './telling-rules.ts';

export interface ContributionsOptions {
  readonly nodeId: string;
  readonly scripts: Pick<BucketScripts, 'enter' | 'applyChannel' | 'applyMember' | 'applyUser'>;
  readonly listener: TellingListener & Pick<ClusterListener, 'occupancyChanged' | 'membershipChanged'>;
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
  readonly #rules: TellingRules;
  readonly #dirty = new DirtySet(
    (held) => this.#send(held),
    (bucket) => this.#standings.isInside(bucket),
  );
  readonly #underWay: readonly Set<Promise<void>>[] = Array.from({ length: BUCKETS }, () => new Set<Promise<void>>());
  readonly #failed = new Set<number>();
  #retry: NodeJS.Timeout | null = null;

  constructor(options: ContributionsOptions) {
    this.#options = options;
    this.#rules = new TellingRules(options.listener, options.webhookDelayMs);
    this.#standings = new BucketStandings({
      nodeId: options.nodeId,
      scripts: options.scripts,
      settlingMs: options.leaseMs,
      entered: (entrance) => this.#entered(entrance),
      failed: (bucket, error) => this.#enteringFailed(bucket, error),
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
    const telling: Promise<void> = this.#tell(held, caller)
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

  /** Answers whether it has to be told again. */
  #tell(held: Holding, caller: Caller): Promise<boolean> {
    switch (held.kind) {
      case 'channel':
        return this.#tellChannel(held, caller);
      case 'member':
        return this.#tellMember(held, caller);
      case 'user':
        return this.#tellUser(held, caller);
    }
  }

  async #tellChannel(held: HeldChannel, caller: Caller): Promise<boolean> {
    const { channel, sockets, was } = held;
    const { appId, name } = channel;
    const counting = this.#rules.counting(appId, name);
    const answer = await this.#options.scripts.applyChannel(
      held.bucket,
      caller,
      { appId, name, sockets, was, ...counting },
      this.#rules.telling(appId),
    );
    if (answer.kind !== 'applied') return this.#refused(held.bucket, caller);
    if (!this.#standings.isPresent(held.bucket, caller)) return true;
    confirm(held, sockets, was);
    if (answer.change !== null) this.#options.listener.occupancyChanged(channel, answer.change === 'occupied');
    return false;
  }

  async #tellMember(held: HeldMember, caller: Caller): Promise<boolean> {
    const { of, userId, userInfo, sockets, was } = held;
    const { appId, name } = of.channel;
    const asking = held.asking.splice(0);
    const channelSockets = of.sockets;
    const wasChannel = of.was;
    const maxMembers = held.isAdmitted || sockets === 0 ? Infinity : held.maxMembers;
    const answerAll = (outcome: MemberOutcome) => {
      for (const take of asking) take(outcome);
    };
    try {
      const answer = await this.#options.scripts.applyMember(
        held.bucket,
        caller,
        { appId, name, userId, userInfo, sockets, channelSockets, maxMembers, was, wasChannel },
        this.#rules.telling(appId),
      );
      if (answer.kind === 'full') {
        this.#refuseMember(held);
        answerAll(answer);
        return false;
      }
      if (answer.kind !== 'applied') {
        // They go on waiting: it is told again at once, when the bucket has been entered.
        held.asking.unshift(...asking);
        return this.#refused(held.bucket, caller);
      }
      if (!this.#standings.isPresent(held.bucket, caller)) {
        held.asking.unshift(...asking);
        return true;
      }
      confirm(held, sockets, was);
      confirm(of, channelSockets, wasChannel);
      if (held.sockets > 0) held.isAdmitted = true;
      this.#tellMemberChange(held, answer);
      const { version, delta } = answer;
      answerAll({ kind: 'applied', version, delta: delta === null ? null : { kind: delta, version } });
      return false;
    } catch (error) {
      if (held.sockets > 0) held.isAdmitted = true;
      answerAll({ kind: 'away' });
      throw error;
    }
  }

  #tellMemberChange(
    held: HeldMember,
    answer: { readonly delta: 'added' | 'removed' | null; readonly change: 'occupied' | 'vacated' | null },
  ): void {
    const { channel } = held.of;
    const { listener } = this.#options;
    if (answer.change === 'occupied') listener.occupancyChanged(channel, true);
    if (answer.delta !== null) listener.membershipChanged(channel, held.userId, answer.delta === 'added');
    if (answer.change === 'vacated') listener.occupancyChanged(channel, false);
  }

  /** Nothing of it was taken, and those who asked meanwhile for the same user came to the same full channel. */
  #refuseMember(held: HeldMember): void {
    this.#setMember(held, 0);
    this.#dirty.remove(held);
    for (const take of held.asking.splice(0)) take({ kind: 'full' });
    // What was told of others in the meantime counted these sockets as well.
    if (held.of.sockets !== held.of.confirmed) this.#dirty.add(held.of);
  }

  async #tellUser(held: HeldUser, caller: Caller): Promise<boolean> {
    const { appId, userId, sockets, was } = held;
    const answer = await this.#options.scripts.applyUser(held.bucket, caller, { appId, userId, connections: sockets });
    if (answer.kind !== 'applied') return this.#refused(held.bucket, caller);
    if (!this.#standings.isPresent(held.bucket, caller)) return true;
    confirm(held, sockets, was);
    return false;
  }

  /**
   * `fenced`, `empty`: this node was given up, or the bucket has no past. `stale`: something later was taken before, as
   * a Redis Cluster may do when a slot moves. Either way the bucket is entered again, and this told again.
   */
  #refused(bucket: number, caller: Caller): true {
    if (this.#standings.isPresent(bucket, caller)) this.#standings.enter(bucket);
    return true;
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

function confirm(held: Holding, sockets: number, was: boolean): void {
  held.confirmed = sockets;
  if (was) held.was = false;
}
