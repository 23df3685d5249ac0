import type { WebhookEventType } from '../apps/app.ts';

/** Names one channel of one app. `topic` is `appId/name`, the same on every node. */
export interface ChannelRef {
  readonly appId: string;
  readonly name: string;
  readonly topic: string;
}

/** Something that happened and may be of interest to an app's webhooks; decided exactly once over all nodes. */
export type Fact =
  | {
      readonly kind: 'channel_occupied' | 'channel_vacated' | 'cache_miss';
      readonly appId: string;
      readonly channel: string;
    }
  | {
      readonly kind: 'member_added' | 'member_removed';
      readonly appId: string;
      readonly channel: string;
      readonly userId: string;
    }
  | {
      readonly kind: 'client_event';
      readonly appId: string;
      readonly channel: string;
      readonly event: string;
      /** As it was relayed; `null` when the client sent none. */
      readonly data: string | null;
      readonly socketId: string;
      /** The sender's user, on presence channels only. */
      readonly userId: string | null;
    }
  | { readonly kind: 'subscription_count'; readonly appId: string; readonly channel: string; readonly count: number };

/**
 * What this node has on a presence channel for one user, in absolute numbers, so that telling it twice is harmless.
 * `sockets` of that user here, `channelSockets` of everybody here.
 */
export interface MemberContribution {
  readonly userId: string;
  /** JSON text; that of the first socket holds until the last one leaves. */
  readonly userInfo: string | null;
  readonly sockets: number;
  readonly channelSockets: number;
  /** Distinct users that the channel may hold; a contribution that would bring one more is refused whole. */
  readonly maxMembers: number;
}

/** The members of a presence channel as this node knows them: live, and changed only together with a told delta. */
export interface Roster {
  readonly members: ReadonlyMap<string, string | null>;
  /** Rises by one with every member that comes or goes. */
  readonly version: number;
}

/**
 * `applied`: the roster holds at least what the contribution brought about; it is read in the same synchronous step in
 * which the joining socket is subscribed. `full`: refused, and nothing was changed.
 */
export type MemberAnswer = { readonly kind: 'applied'; readonly roster: Roster } | { readonly kind: 'full' };

/** A fact in the hands of its sender. Destinations are named as `Delivery` does. */
export interface FactReceipt {
  /** Every destination took the fact or gave it up. What is not settled another node sends. */
  settled(): void;
  /** A former sender saw to it that this destination gets it, or got it. */
  isSentTo(destination: string): boolean;
  /** Whether it is still this node's to send; a promise while nobody can tell. */
  isHeld(): boolean | Promise<boolean>;
}

/** One request to a webhook's receiver; its bytes, its signature and its id stay the same over attempts and senders. */
export interface Delivery {
  readonly id: string;
  readonly appId: string;
  /** Names one webhook of the app by all that is set about it, the same on every node. */
  readonly destination: string;
  readonly url: string;
  /** How many events it carries, and their distinct names. */
  readonly eventCount: number;
  readonly eventNames: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a channel holds over all nodes. */
export interface ChannelSummary {
  readonly name: string;
  readonly subscriptions: number;
  readonly users: number;
}

/** An event kept for those who subscribe later. `expiresAt` in milliseconds since 1970. */
export interface CachedEvent {
  readonly frame: string;
  readonly data: string;
  readonly expiresAt: number;
}

/** Which users of an app are online, live: it changes only together with what the listener is told. */
export interface OnlineUsers {
  has(userId: string): boolean;
}

/** One request to a webhook's receiver, as it is remembered: neither what its events said nor any secret. */
export interface WebhookAttempt {
  /** When it was begun, in milliseconds since 1970. */
  readonly time: number;
  /** Without user, password and query. */
  readonly url: string;
  readonly deliveryId: string;
  /** 1 for the first attempt of a delivery. */
  readonly attempt: number;
  readonly durationMs: number;
  /** What the receiver answered, or why it did not. */
  readonly outcome:
    { readonly kind: 'answered'; readonly status: number } | { readonly kind: 'failed'; readonly error: string };
  readonly eventCount: number;
  /** Distinct, under the names that were sent. */
  readonly eventNames: readonly string[];
}

/** How long a key stands for what was first done under it. */
export const IDEMPOTENCY_TTL_MS = 120_000;
/** How long a repeat waits for the answer to the first. */
export const IDEMPOTENCY_WAIT_MS = 2_000;
/** Keys of one app that are remembered at a time; further ones are refused until the oldest have expired. */
export const MAX_IDEMPOTENCY_KEYS = 100_000;

/**
 * What is known of an idempotency key of an app. `first`: nobody used it, and the caller now settles or releases it.
 * `answered`: what the first caller answered. `pending`: it has not answered in time. `other-request`: the key stands
 * for another request. `full`: no further key can be remembered now.
 */
export type KeyClaim =
  | { readonly kind: 'first' | 'pending' | 'other-request' | 'full' }
  | { readonly kind: 'answered'; readonly answer: string };

/** What the cluster hands to this node, always synchronously with the change it describes. */
export interface ClusterListener {
  /** An application's or client's event from another node, ready to be published to local subscribers. */
  event(channel: ChannelRef, frame: string, exceptSocketId: string | null): void;
  memberAdded(channel: ChannelRef, userId: string, userInfo: string | null): void;
  memberRemoved(channel: ChannelRef, userId: string): void;
  /** A socket of this node was the first on a channel anywhere, or the last; at once, whatever webhooks wait for. */
  occupancyChanged(channel: ChannelRef, occupied: boolean): void;
  /** A user's first connection anywhere signed in, or the last one went; told at least of users who are watched here. */
  userChanged(appId: string, userId: string, online: boolean): void;
  /** Every connection that is signed in as this user has to go. */
  terminateUser(appId: string, userId: string, reconnect: boolean): void;
  /** How many subscriptions a channel has now, to be told to its subscribers here. */
  subscriptionCount(channel: ChannelRef, count: number): void;
  /** Whether an app's channels tell how many subscriptions they have. */
  countsSubscriptions(appId: string): boolean;
  /** A fact that this node has to send to every destination but those that have it. */
  fact(fact: Fact, receipt: FactReceipt): void;
  /** A delivery that a former sender kept and did not end: it is repeated as it is. */
  redeliver(delivery: Delivery, receipt: FactReceipt): void;
  /** Whether an app has a webhook for this kind of fact; the others are not decided at all. */
  wants(appId: string, kind: WebhookEventType): boolean;
  /** A socket of this node was a user's first on a presence channel anywhere, or the last; beside what members are told. */
  membershipChanged(channel: ChannelRef, userId: string, present: boolean): void;
  /** What another node said with `tellNode`. */
  nodeMessage(message: string): void;
  /** Another node has opened a session that was this node's: this one lost it. */
  sessionTaken(id: string): void;
  /** The apps whose connections are limited, and how many each has here. */
  limitedConnections(): Iterable<readonly [appId: string, connections: number]>;
  /** Somebody on another node listens to the stream of an app, or nobody does any longer. */
  feedWanted(appId: string, wanted: boolean): void;
  /** Pieces of an app's stream from another node, for those who listen here. */
  feedHeard(appId: string, text: string): void;
}

/** How this node stands with the others. All but `up` are 0 while everything is well; the last two only rise. */
export interface ClusterHealth {
  /** Whether what nodes share can be reached; one node alone always is. */
  readonly up: boolean;
  /** Events for other nodes that wait to be passed on. */
  readonly waiting: number;
  /** Channels, members and users of which the others do not know the latest. */
  readonly dirty: number;
  /** How often this node missed events of others because its connection broke. */
  readonly gaps: number;
  /** Facts that nobody was told, because more waited than are kept. */
  readonly lostFacts: number;
}

/**
 * What all nodes agree on: who is in a channel, who came first and left last, what webhooks have to be told.
 * Two implementations, one contract suite (`cluster.contract.ts`). Nothing here ever rejects because of another node:
 * answers come from what this node knows when the others cannot be reached.
 */
export interface Cluster {
  /** 16 of `0-9a-z`, new with every start of the process. */
  readonly nodeId: string;
  readonly health: ClusterHealth;

  start(listener: ClusterListener): Promise<void>;

  /** Begins to hear a channel's events; `null` when that is so already, else a promise for the moment when it is. */
  listen(channel: ChannelRef): Promise<void> | null;
  /** Nobody here is subscribed any longer. */
  unlisten(channel: ChannelRef): void;

  /** Tells how many sockets this node has on a channel without presence. */
  apply(channel: ChannelRef, sockets: number): void;
  /** Tells what this node has of one user on a presence channel. */
  applyMember(channel: ChannelRef, contribution: MemberContribution): Promise<MemberAnswer>;

  /** Whether events can be passed to the other nodes; when not, they are refused instead of being half delivered. */
  canRelay(): boolean;
  /** Passes an event to the other nodes that listen to the channel. */
  relay(channel: ChannelRef, frame: string, exceptSocketId: string | null): void;
  /** Hands in a fact that a node alone can state (client_event, cache_miss, subscription_count). */
  tell(fact: Fact): void;

  /**
   * Tells how many connections are signed in as a user on this node. `null` when it is heard here already what other
   * nodes order for that user, else a promise for the moment when it is.
   */
  applyUser(appId: string, userId: string, connections: number): Promise<void> | null;
  /** Begins to hear of these users; from the answer on nothing is missed. Each call is taken back by one `unwatch`. */
  watch(appId: string, userIds: readonly string[]): Promise<OnlineUsers>;
  unwatch(appId: string, userIds: readonly string[]): void;

  /** Ends a user's connections on every node. */
  terminateUser(appId: string, userId: string, reconnect: boolean): void;

  /** The channels of an app that somebody is subscribed to, those whose names begin with `prefix`. */
  occupied(appId: string, prefix: string): Promise<readonly ChannelSummary[]>;
  summary(channel: ChannelRef): Promise<ChannelSummary>;
  users(channel: ChannelRef): Promise<readonly string[]>;

  /** Keeps the last event of a cache channel for `ttlMs`. */
  remember(channel: ChannelRef, event: Omit<CachedEvent, 'expiresAt'>, ttlMs: number): void;
  recall(channel: ChannelRef): Promise<CachedEvent | null>;

  /**
   * Keeps a delivery before it is sent for the first time, so that whoever sends after this node repeats it. `null` where
   * nobody can; `false` when another node sends some of its facts now, and this delivery must not be sent. Each one that
   * was kept, or is repeated, is ended before its facts are settled.
   */
  keepDelivery(delivery: Delivery, receipts: readonly FactReceipt[]): Promise<boolean> | null;
  /** A delivery was taken or given up. */
  endDelivery(delivery: Delivery): void;

  /** Remembers a webhook attempt among the app's last 1,000. */
  logAttempt(appId: string, attempt: WebhookAttempt): void;
  /** The newest first, at most `limit`. */
  attempts(appId: string, limit: number): Promise<readonly WebhookAttempt[]>;

  /** Takes `count` permits of an app's rate in this second; `false` when they are used up. Never asked without a limit. */
  takePermits(
    appId: string,
    rate: 'backend-events' | 'read-requests',
    count: number,
    perSecond: number,
  ): boolean | Promise<boolean>;

  /** Claims an idempotency key for the request that `digest` stands for, and waits for the answer of a first one. */
  claimKey(appId: string, key: string, digest: string): Promise<KeyClaim>;
  /** Keeps the answer of a claimed key for those who repeat the request. */
  settleKey(appId: string, key: string, answer: string): void;
  /** Forgets a claimed key: nothing was done under it. */
  releaseKey(appId: string, key: string): void;

  /** How many connections of an app the other nodes have, as they last told; counted only for apps with a limit. */
  connectionsElsewhere(appId: string): number;

  /**
   * A session of the HTTP fallback was opened here: `null` when there is nobody to whom that matters, else a promise
   * for the moment when other nodes find it.
   */
  sessionOpened(id: string): Promise<void> | null;
  sessionClosed(id: string): void;
  /** The node that has a session of the HTTP fallback, `null` when none is known. */
  findSession(id: string): string | null | Promise<string | null>;
  /** Sends a text to one other node, at most once, in order; what is lost is lost in silence. */
  tellNode(nodeId: string, message: string): void;

  /** Begins, or ends, to hear what happens in an app on the other nodes. */
  listenToFeed(appId: string, listening: boolean): void;
  /** Passes pieces of an app's stream to the nodes where somebody listens; they may be lost. */
  relayFeed(appId: string, text: string): void;

  /** Tells what is still owed, and gives this node no further facts to send. */
  drain(): Promise<void>;
  /** Drains, and lets go of everything. Facts that are not settled by then are left to other nodes. */
  close(): Promise<void>;
}
