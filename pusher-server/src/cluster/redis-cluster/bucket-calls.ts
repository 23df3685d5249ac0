import type { LedgerItem } from './ledger-item.ts';

/** In whose name a contribution is made. `number` rises by one with every contribution of that node in that bucket. */
export interface Caller {
  readonly node: string;
  readonly generation: string;
  readonly epoch: string;
  readonly number: number;
}

/**
 * `fenced`: the ledger has another generation. `empty`: the bucket has another epoch or none. `stale`: an older number
 * than the ledger's, because something overtook it; to be sent again with the next one. All three changed nothing.
 */
export interface Refused {
  readonly kind: 'fenced' | 'empty' | 'stale';
}

/** Whether facts are written, and how long a leaving has to last; what was told once is taken back in any case. */
export interface Telling {
  readonly tracksChannel: boolean;
  readonly tracksMembers: boolean;
  readonly delayMs: number;
}

export type OccupancyChange = 'occupied' | 'vacated' | null;

export interface ChannelShare {
  readonly appId: string;
  readonly name: string;
  readonly sockets: number;
  /** Whether this node held the channel when the bucket lost its past. Means something only while it settles. */
  readonly was: boolean;
  /** Whether the channel tells how many subscriptions it has; whether receivers want to know. */
  readonly counts: boolean;
  readonly countsFact: boolean;
}

export interface MemberShare {
  readonly appId: string;
  readonly name: string;
  readonly userId: string;
  readonly userInfo: string | null;
  /** Of this user, and of everybody, on the calling node. */
  readonly sockets: number;
  readonly channelSockets: number;
  /** Distinct users that fit. Members that are in already, and are sent again after a fence, need `Infinity` here. */
  readonly maxMembers: number;
  readonly was: boolean;
  readonly wasChannel: boolean;
}

export interface ChannelApplied {
  readonly kind: 'applied';
  readonly subscriptions: number;
  readonly change: OccupancyChange;
}

export interface MemberApplied {
  readonly kind: 'applied';
  readonly version: number;
  readonly delta: 'added' | 'removed' | null;
  readonly change: OccupancyChange;
}

export interface UserApplied {
  readonly kind: 'applied';
  readonly version: number;
  readonly online: boolean;
  readonly changed: boolean;
}

/** How a node stands in a bucket. `isNewEpoch`: another than the one it knew, or it knew none. */
export interface Entered {
  readonly epoch: string;
  readonly generation: string;
  readonly isNewEpoch: boolean;
  /** The last one in the ledger; the node goes on from the larger of this and its own. */
  readonly number: number;
  readonly items: readonly LedgerItem[];
}

export interface BucketRoster {
  readonly version: number;
  /** User and user_info. */
  readonly members: readonly (readonly [string, string | null])[];
}
