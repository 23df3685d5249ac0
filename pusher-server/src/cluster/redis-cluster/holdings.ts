import type { ChannelRef } from '../cluster.ts';
import { BUCKETS, bucketOf, userChannel } from './keys.ts';

/** What every holding has, whatever it is of. */
interface Held {
  readonly bucket: number;
  /** What this node has of it now. */
  sockets: number;
  /** What Redis has taken of that last, as far as this node knows. */
  confirmed: number;
  /** Redis lost a past in which this node held it, and has not been told so. */
  was: boolean;
  /** Redis has to be told, and is not being told now. */
  isDirty: boolean;
  /** A telling is under way; the next one waits for its answer. */
  isSending: boolean;
}

export interface HeldChannel extends Held {
  readonly kind: 'channel';
  readonly channel: ChannelRef;
  /** By user; on presence channels, whose `sockets` are the sum of theirs. */
  readonly members: Map<string, HeldMember>;
}

export interface HeldMember extends Held {
  readonly kind: 'member';
  readonly of: HeldChannel;
  readonly userId: string;
  /** That of the first socket here. */
  userInfo: string | null;
  /** A join was answered, so it can no longer be refused. */
  isAdmitted: boolean;
  maxMembers: number;
  /** Those who wait for the answer to what has not been sent yet. */
  asking: MemberOutcomeTaker[];
}

/** `sockets` are the connections that are signed in as the user. */
export interface HeldUser extends Held {
  readonly kind: 'user';
  readonly appId: string;
  readonly userId: string;
}

export type Holding = HeldChannel | HeldMember | HeldUser;

/** A member's delta, as Redis numbered it, that a telling of this node brought about. */
export type OwnDelta = { readonly kind: 'added' | 'removed'; readonly version: number } | null;

/** What came of a telling of a member. `away`: Redis could not be asked, and is told when it is back. */
export type MemberOutcome =
  | { readonly kind: 'applied'; readonly version: number; readonly delta: OwnDelta }
  | { readonly kind: 'full' }
  | { readonly kind: 'away' };

export type MemberOutcomeTaker = (outcome: MemberOutcome) => void;

interface BucketHoldings {
  readonly channels: Map<string, HeldChannel>;
  readonly users: Map<string, HeldUser>;
}

/** Everything that this node holds, and what it let go of without Redis knowing yet; by bucket. */
export class Holdings {
  readonly #buckets: readonly BucketHoldings[] = Array.from({ length: BUCKETS }, () => ({
    channels: new Map<string, HeldChannel>(),
    users: new Map<string, HeldUser>(),
  }));

  channel(ref: ChannelRef): HeldChannel {
    const bucket = bucketOf(ref.appId, ref.name);
    const { channels } = this.#bucket(bucket);
    let held = channels.get(ref.topic);
    if (held === undefined) {
      const { appId, name, topic } = ref;
      held = { kind: 'channel', ...nothingYet(bucket), channel: { appId, name, topic }, members: new Map() };
      channels.set(topic, held);
    }
    return held;
  }

  member(ref: ChannelRef, userId: string): HeldMember {
    const of = this.channel(ref);
    let held = of.members.get(userId);
    if (held === undefined) {
      const own = { userId, userInfo: null, isAdmitted: false, maxMembers: Infinity, asking: [] };
      held = { kind: 'member', ...nothingYet(of.bucket), of, ...own };
      of.members.set(userId, held);
    }
    return held;
  }

  user(appId: string, userId: string): HeldUser {
    const bucket = bucketOf(appId, userChannel(userId));
    const { users } = this.#bucket(bucket);
    const key = userKey(appId, userId);
    let held = users.get(key);
    if (held === undefined) {
      held = { kind: 'user', ...nothingYet(bucket), appId, userId };
      users.set(key, held);
    }
    return held;
  }

  find(ref: ChannelRef): HeldChannel | null {
    return this.#bucket(bucketOf(ref.appId, ref.name)).channels.get(ref.topic) ?? null;
  }

  /** Everything of a bucket, members before their channel. */
  *inBucket(bucket: number): Generator<Holding> {
    const { channels, users } = this.#bucket(bucket);
    for (const held of channels.values()) {
      yield* held.members.values();
      yield held;
    }
    yield* users.values();
  }

  *channels(): Generator<HeldChannel> {
    for (const { channels } of this.#buckets) yield* channels.values();
  }

  /** Lets go of what this node does not have and of which Redis knows that. */
  forgetIfDone(held: Holding): void {
    if (held.sockets > 0 || held.confirmed > 0 || held.was || held.isDirty || held.isSending) return;
    switch (held.kind) {
      case 'channel':
        if (held.members.size === 0) this.#bucket(held.bucket).channels.delete(held.channel.topic);
        return;
      case 'member':
        if (held.of.members.get(held.userId) === held) held.of.members.delete(held.userId);
        this.forgetIfDone(held.of);
        return;
      case 'user':
        this.#bucket(held.bucket).users.delete(userKey(held.appId, held.userId));
        return;
    }
  }

  #bucket(bucket: number): BucketHoldings {
    const found = this.#buckets[bucket];
    if (found === undefined) throw new RangeError(`There is no bucket ${String(bucket)}`);
    return found;
  }
}

function nothingYet(bucket: number): Held {
  return { bucket, sockets: 0, confirmed: 0, was: false, isDirty: false, isSending: false };
}

/** No app id holds a slash. */
function userKey(appId: string, userId: string): string {
  return `${appId}/${userId}`;
}
