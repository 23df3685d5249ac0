import type { Roster } from '../cluster.ts';

/** One member who came or went, as Redis numbered it: the channel's version rises by one with each. */
export type MemberDelta =
  | { readonly kind: 'added'; readonly version: number; readonly userId: string; readonly userInfo: string | null }
  | { readonly kind: 'removed'; readonly version: number; readonly userId: string };

/** The members of a channel and their version, read in one step. Another `epoch` than before: Redis lost its past. */
export interface RosterRead {
  readonly epoch: string | null;
  readonly version: number;
  readonly members: readonly (readonly [userId: string, userInfo: string | null])[];
}

/** Hears of each member in the step in which the roster changes. */
export interface ReplicaListener {
  memberAdded(userId: string, userInfo: string | null): void;
  memberRemoved(userId: string): void;
  /** Whether a socket of this node is on the channel as this user: Redis knows it already, or will. */
  isHere(userId: string): boolean;
}

/** Deltas that wait for a reading; with more, the reading is begun again. */
const MAX_BUFFERED = 10_000;

type State =
  /** Nothing is known of what Redis has; the roster is what it was, or what this node alone has. */
  | { readonly kind: 'unread' }
  | { readonly kind: 'reading'; buffered: MemberDelta[]; overflowed: boolean }
  | { readonly kind: 'current'; version: number };

/**
 * The members of one presence channel as this node knows them. Pure: whoever has one reads Redis when it asks for it,
 * and hands in what is told on the channel's topic. The roster changes only together with what the listener is told,
 * and a reading brings nothing but the difference.
 */
export class Replica {
  readonly roster: Roster;
  readonly #members = new Map<string, string | null>();
  readonly #listener: ReplicaListener;
  /** Members that an empty Redis does not know (yet): they stay until it has settled. */
  readonly #doubtful = new Set<string>();
  #told = 0;
  #epoch: string | null = null;
  #state: State = { kind: 'unread' };

  constructor(listener: ReplicaListener) {
    this.#listener = listener;
    const members = this.#members;
    const told = () => this.#told;
    this.roster = {
      members,
      get version() {
        return told();
      },
    };
  }

  /** Redis's version that the roster stands at; `null` while it is being read or was never. */
  get version(): number | null {
    return this.#state.kind === 'current' ? this.#state.version : null;
  }

  get isReading(): boolean {
    return this.#state.kind === 'reading';
  }

  /** Whether some members are only kept until Redis has settled. */
  get hasDoubtful(): boolean {
    return this.#doubtful.size > 0;
  }

  /** A reading begins, or begins anew: what was told before is in it, what is told from now on waits for it. */
  beginReading(): void {
    this.#state = { kind: 'reading', buffered: [], overflowed: false };
  }

  /** A reading failed: nothing is known until the next. The members stay. */
  abandonReading(): void {
    this.#state = { kind: 'unread' };
  }

  /** Takes a delta from the topic. Answers `missing` when one before it never came: then read again. */
  take(delta: MemberDelta): 'taken' | 'missing' {
    switch (this.#state.kind) {
      case 'unread':
        return 'taken';
      case 'reading':
        this.#buffer(this.#state, delta);
        return 'taken';
      case 'current':
        if (delta.version <= this.#state.version) return 'taken';
        if (delta.version > this.#state.version + 1) {
          this.beginReading();
          return 'missing';
        }
        this.#state.version = delta.version;
        this.#change(delta);
        return 'taken';
    }
  }

  /** Takes what a contribution of this node brought about, when it is the next; else the topic will tell it. */
  takeOwn(delta: MemberDelta): void {
    if (this.#state.kind === 'current' && delta.version === this.#state.version + 1) this.take(delta);
  }

  /**
   * Takes what was read, and then what was told meanwhile. After a loss of Redis's past nobody is removed until
   * `settle` is called. Answers `missing` as `take` does.
   */
  finishReading(read: RosterRead): 'taken' | 'missing' {
    const state = this.#state;
    const lostPast = this.#epoch !== null && this.#epoch !== read.epoch;
    this.#epoch = read.epoch;
    this.#state = { kind: 'current', version: read.version };
    this.#become(new Map(read.members), lostPast);
    if (state.kind !== 'reading') return 'taken';
    if (state.overflowed) {
      this.beginReading();
      return 'missing';
    }
    for (const delta of state.buffered) {
      if (this.take(delta) === 'missing') return 'missing';
    }
    return 'taken';
  }

  /** Redis has settled: whoever it does not know by now has gone. */
  settle(): void {
    for (const userId of this.#doubtful) {
      if (!this.#listener.isHere(userId)) this.#remove(userId);
    }
    this.#doubtful.clear();
  }

  /** Somebody came or left here while Redis cannot be asked; what it says later is compared with this. */
  changeAlone(userId: string, userInfo: string | null, comes: boolean): void {
    if (comes && !this.#members.has(userId)) this.#add(userId, userInfo);
    else if (!comes) this.#remove(userId);
  }

  #buffer(state: { buffered: MemberDelta[]; overflowed: boolean }, delta: MemberDelta): void {
    if (state.overflowed) return;
    state.buffered.push(delta);
    if (state.buffered.length <= MAX_BUFFERED) return;
    state.buffered = [];
    state.overflowed = true;
  }

  #become(members: ReadonlyMap<string, string | null>, lostPast: boolean): void {
    for (const userId of this.#members.keys()) {
      if (members.has(userId)) this.#doubtful.delete(userId);
      else if (this.#listener.isHere(userId)) continue;
      else if (lostPast || this.#doubtful.has(userId)) this.#doubtful.add(userId);
      else this.#remove(userId);
    }
    for (const [userId, userInfo] of members) this.#add(userId, userInfo);
  }

  #change(delta: MemberDelta): void {
    if (delta.kind === 'added') this.#add(delta.userId, delta.userInfo);
    else this.#remove(delta.userId);
  }

  /** Somebody who is here already with other information left and came back unheard. */
  #add(userId: string, userInfo: string | null): void {
    this.#doubtful.delete(userId);
    const known = this.#members.get(userId);
    if (known === userInfo && this.#members.has(userId)) return;
    if (known !== undefined) this.#remove(userId);
    this.#members.set(userId, userInfo);
    this.#told += 1;
    this.#listener.memberAdded(userId, userInfo);
  }

  #remove(userId: string): void {
    this.#doubtful.delete(userId);
    if (!this.#members.delete(userId)) return;
    this.#told += 1;
    this.#listener.memberRemoved(userId);
  }
}
