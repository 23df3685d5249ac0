import type { ChannelRef, ClusterListener, MemberContribution, Roster } from '../cluster.ts';
import type { MemberOutcome } from './holdings.ts';
import { bucketOf } from './keys.ts';
import { Readings } from './readings.ts';
import type { RedisLink } from './redis-link.ts';
import { Replica, type MemberDelta, type RosterRead } from './replica.ts';

/** How long a join waits for deltas that are on their way before the members are read instead. */
const PATIENCE_MS = 200;
/** How long a join waits at most; then it is answered from what this node knows. */
const MAX_WAIT_MS = 2_000;
/** Rosters that are read at a time. */
const MAX_READINGS = 32;

export interface ReplicasOptions {
  readonly link: Pick<RedisLink, 'isUp' | 'on'>;
  /** Reads a channel's members and version; after this node has told Redis what it still owes it of the channel. */
  readonly read: (channel: ChannelRef) => Promise<RosterRead>;
  /** Begins to hear a channel that somebody joined unheard. */
  readonly listen: (channel: ChannelRef) => Promise<void> | null;
  /** Whether a socket of this node is on the channel as this user, by what the node told last. */
  readonly isHere: (channel: ChannelRef, userId: string) => boolean;
  readonly listener: Pick<ClusterListener, 'memberAdded' | 'memberRemoved'>;
  /** How long an emptied Redis takes to learn again what all nodes hold: the nodes' lease. */
  readonly settlingMs: number;
}

interface Entry {
  readonly channel: ChannelRef;
  readonly bucket: number;
  readonly replica: Replica;
  /** Joins that wait for a version. */
  readonly waiting: Set<{ readonly version: number; readonly resolve: () => void; readonly until: number }>;
  /** Runs while somebody waits. */
  patience: NodeJS.Timeout | null;
  settling: NodeJS.Timeout | null;
}

const NOBODY: Roster = { members: new Map(), version: 0 };

/** Whether a channel has members that are known to each other. */
export function hasMembers(channel: ChannelRef): boolean {
  return channel.name.startsWith('presence-');
}

/** The members of every presence channel that this node listens to. */
export class Replicas {
  readonly #options: ReplicasOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #readings: Readings<Entry>;

  constructor(options: ReplicasOptions) {
    this.#options = options;
    this.#readings = new Readings({ link: options.link, read: (entry) => this.#readOne(entry), atOnce: MAX_READINGS });
  }

  /** The channel's topic is heard from now on, for the first time or again. */
  heard(channel: ChannelRef): void {
    this.#read(this.#open(channel));
  }

  /** The channel is not listened to any more. */
  dropped(channel: ChannelRef): void {
    const entry = this.#entries.get(channel.topic);
    if (entry === undefined) return;
    this.#entries.delete(channel.topic);
    this.#readings.forget(entry);
    if (entry.settling !== null) clearTimeout(entry.settling);
    this.#release(entry, Infinity);
  }

  /** A script told of one member. */
  take(channel: ChannelRef, delta: MemberDelta): void {
    const entry = this.#entries.get(channel.topic);
    if (entry === undefined) return;
    if (entry.replica.take(delta) === 'missing') this.#read(entry);
    else this.#releaseReached(entry);
  }

  /** Reads the channels of a bucket again: it lost its past. */
  readAgain(bucket: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.bucket === bucket) this.#read(entry);
    }
  }

  /** The members of a channel as this node knows them; `null` when it does not. */
  find(channel: ChannelRef): Roster | null {
    return this.#entries.get(channel.topic)?.replica.roster ?? null;
  }

  /**
   * The roster when it holds at least what a contribution brought about. While Redis is away that is what this node
   * knows, and the member is taken in or out at once; `null` when the channel is full as far as this node knows.
   */
  async reach(
    channel: ChannelRef,
    contribution: MemberContribution,
    outcome: Exclude<MemberOutcome, { kind: 'full' }>,
  ): Promise<Roster | null> {
    const { userId, userInfo, sockets, maxMembers } = contribution;
    const comes = sockets > 0;
    const known = this.#entries.get(channel.topic);
    if (known === undefined && !comes) return NOBODY;
    const entry = known ?? this.#open(channel);
    if (known === undefined) void this.#options.listen(channel);
    const { replica } = entry;
    const { roster } = replica;
    if (outcome.kind === 'applied') {
      const { version, delta } = outcome;
      if (delta?.kind === 'added') replica.takeOwn({ kind: 'added', version: delta.version, userId, userInfo });
      else if (delta?.kind === 'removed') replica.takeOwn({ kind: 'removed', version: delta.version, userId });
      this.#releaseReached(entry);
      if (!hasReached(replica, version)) await this.#wait(entry, version);
      if (hasReached(replica, version)) return roster;
    } else if (comes && !roster.members.has(userId) && roster.members.size >= maxMembers) {
      return null;
    }
    if (comes === this.#options.isHere(channel, userId)) replica.changeAlone(userId, userInfo, comes);
    return roster;
  }

  close(): void {
    this.#readings.close();
    for (const { channel } of [...this.#entries.values()]) this.dropped(channel);
  }

  #open(channel: ChannelRef): Entry {
    const known = this.#entries.get(channel.topic);
    if (known !== undefined) return known;
    const { listener, isHere } = this.#options;
    const ref = { appId: channel.appId, name: channel.name, topic: channel.topic };
    const entry: Entry = {
      channel: ref,
      bucket: bucketOf(ref.appId, ref.name),
      replica: new Replica({
        memberAdded: (userId, userInfo) => listener.memberAdded(ref, userId, userInfo),
        memberRemoved: (userId) => listener.memberRemoved(ref, userId),
        isHere: (userId) => isHere(ref, userId),
      }),
      waiting: new Set(),
      patience: null,
      settling: null,
    };
    this.#entries.set(ref.topic, entry);
    return entry;
  }

  #read(entry: Entry): void {
    entry.replica.beginReading();
    this.#readings.want(entry);
  }

  async #readOne(entry: Entry): Promise<void> {
    const { channel, replica } = entry;
    replica.beginReading();
    const read = await this.#options.read(channel);
    if (this.#readings.isWanted(entry) || this.#entries.get(channel.topic) !== entry) return;
    if (replica.finishReading(read) === 'missing') this.#read(entry);
    else this.#releaseReached(entry);
    this.#settleLater(entry);
  }

  #settleLater(entry: Entry): void {
    if (!entry.replica.hasDoubtful || entry.settling !== null) return;
    entry.settling = setTimeout(() => {
      entry.settling = null;
      entry.replica.settle();
    }, this.#options.settlingMs);
    entry.settling.unref();
  }

  #wait(entry: Entry, version: number): Promise<void> {
    return new Promise((resolve) => {
      entry.waiting.add({ version, resolve, until: performance.now() + MAX_WAIT_MS });
      this.#bePatient(entry);
    });
  }

  /** Deltas on their way come within moments; whoever still waits then gets a reading, and at the very end an answer. */
  #bePatient(entry: Entry): void {
    entry.patience ??= setTimeout(() => {
      entry.patience = null;
      const now = performance.now();
      for (const waiting of entry.waiting) {
        if (waiting.until > now) continue;
        entry.waiting.delete(waiting);
        waiting.resolve();
      }
      if (entry.waiting.size === 0) return;
      if (!entry.replica.isReading) this.#read(entry);
      this.#bePatient(entry);
    }, PATIENCE_MS);
  }

  #releaseReached(entry: Entry): void {
    const { version } = entry.replica;
    if (version !== null && entry.waiting.size > 0) this.#release(entry, version);
  }

  #release(entry: Entry, version: number): void {
    for (const waiting of entry.waiting) {
      if (waiting.version > version) continue;
      entry.waiting.delete(waiting);
      waiting.resolve();
    }
    if (entry.waiting.size > 0 || entry.patience === null) return;
    clearTimeout(entry.patience);
    entry.patience = null;
  }
}

function hasReached({ version }: Replica, wanted: number): boolean {
  return version !== null && version >= wanted;
}
