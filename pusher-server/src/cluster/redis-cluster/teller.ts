import type { ClusterListener } from '../cluster.ts';
import type { BucketScripts, Caller } from './bucket-scripts.ts';
import type { BucketStandings } from './bucket-standing.ts';
import type { HeldChannel, HeldMember, HeldUser, Holding, MemberOutcome } from './holdings.ts';
import type { TellingRules } from './telling-rules.ts';

export interface TellerOptions {
  readonly scripts: Pick<BucketScripts, 'applyChannel' | 'applyMember' | 'applyUser'>;
  readonly listener: Pick<ClusterListener, 'occupancyChanged' | 'membershipChanged'>;
  readonly rules: TellingRules;
  readonly standings: Pick<BucketStandings, 'isPresent' | 'enter'>;
  /** A member did not fit. */
  readonly full: (held: HeldMember) => void;
}

/** What a member's telling brought about in Redis. */
interface MemberChange {
  readonly delta: 'added' | 'removed' | null;
  readonly change: 'occupied' | 'vacated' | null;
}

/** Tells Redis one thing that this node holds, and takes the answer. */
export class Teller {
  readonly #options: TellerOptions;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /** Tells one thing as it is now, and answers whether it has to be told again. Rejects when Redis does not answer. */
  tell(held: Holding, caller: Caller): Promise<boolean> {
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
    const counting = this.#options.rules.counting(appId, name);
    const answer = await this.#options.scripts.applyChannel(
      held.bucket,
      caller,
      { appId, name, sockets, was, ...counting },
      this.#options.rules.telling(appId),
    );
    if (answer.kind !== 'applied') return this.#refused(held.bucket, caller);
    if (!this.#options.standings.isPresent(held.bucket, caller)) return true;
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
        this.#options.rules.telling(appId),
      );
      if (answer.kind === 'full') {
        this.#options.full(held);
        answerAll(answer);
        return false;
      }
      if (answer.kind !== 'applied') {
        // They go on waiting: it is told again at once, when the bucket has been entered.
        held.asking.unshift(...asking);
        return this.#refused(held.bucket, caller);
      }
      if (!this.#options.standings.isPresent(held.bucket, caller)) {
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

  #tellMemberChange(held: HeldMember, answer: MemberChange): void {
    const { channel } = held.of;
    const { listener } = this.#options;
    if (answer.change === 'occupied') listener.occupancyChanged(channel, true);
    if (answer.delta !== null) listener.membershipChanged(channel, held.userId, answer.delta === 'added');
    if (answer.change === 'vacated') listener.occupancyChanged(channel, false);
  }

  async #tellUser(held: HeldUser, caller: Caller): Promise<boolean> {
    const { appId, userId, sockets, was } = held;
    const answer = await this.#options.scripts.applyUser(held.bucket, caller, { appId, userId, connections: sockets });
    if (answer.kind !== 'applied') return this.#refused(held.bucket, caller);
    if (!this.#options.standings.isPresent(held.bucket, caller)) return true;
    confirm(held, sockets, was);
    return false;
  }

  /**
   * `fenced`, `empty`: this node was given up, or the bucket has no past. `stale`: something later was taken before, as
   * a Redis Cluster may do when a slot moves. Either way the bucket is entered again, and this told again.
   */
  #refused(bucket: number, caller: Caller): true {
    if (this.#options.standings.isPresent(bucket, caller)) this.#options.standings.enter(bucket);
    return true;
  }
}

function confirm(held: Holding, sockets: number, was: boolean): void {
  held.confirmed = sockets;
  if (was) held.was = false;
}
