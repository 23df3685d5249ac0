import { rateWindow, takePermits, type RateWindow } from '../limits/rate-limiter.ts';
import { AttemptLog } from './attempt-log.ts';
import type {
  CachedEvent,
  ChannelRef,
  ChannelSummary,
  Cluster,
  ClusterHealth,
  ClusterListener,
  Fact,
  KeyClaim,
  MemberAnswer,
  MemberContribution,
  OnlineUsers,
  WebhookAttempt,
} from './cluster.ts';
import { DueFacts } from './due-facts.ts';
import { EventCache } from './event-cache.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { SubscriptionCounts } from './subscription-counts.ts';
import { SignedInUsers } from './signed-in-users.ts';
import { UNHEARD } from './unheard-receipt.ts';

/** Who is on a presence channel. It is handed out as the `Roster`, so it only changes together with a told delta. */
interface Presence {
  readonly members: Map<string, string | null>;
  version: number;
  /** Users of whom the last thing that webhooks heard is that they came. */
  readonly told: Set<string>;
}

interface Entry {
  readonly channel: ChannelRef;
  sockets: number;
  /** Whether the last thing that webhooks heard is that the channel is occupied. */
  told: boolean;
  presence: Presence | null;
}

const FULL: MemberAnswer = { kind: 'full' };

/** One node alone: everything is decided here, at once. `webhookDelayMs` is how long a leaving must last to be told. */
export class LocalCluster implements Cluster {
  readonly nodeId = '0'.repeat(16);
  readonly health: ClusterHealth = { up: true, waiting: 0, dirty: 0, gaps: 0, lostFacts: 0 };
  readonly #apps = new Map<string, Map<string, Entry>>();
  readonly #due: DueFacts;
  readonly #cache = new EventCache();
  readonly #users = new SignedInUsers();
  readonly #attempts = new AttemptLog();
  readonly #keys = new IdempotencyKeys();
  readonly #rates = new Map<string, RateWindow>();
  readonly #counts = new SubscriptionCounts<Entry>((entry) => this.#tellCount(entry));
  #listener: ClusterListener | null = null;

  constructor(options: { readonly webhookDelayMs: number }) {
    this.#due = new DueFacts(options.webhookDelayMs);
  }

  start(listener: ClusterListener): Promise<void> {
    this.#listener = listener;
    return Promise.resolve();
  }

  listen(): null {
    return null;
  }

  unlisten(): void {
    // Nothing is heard from elsewhere.
  }

  apply(channel: ChannelRef, sockets: number): void {
    const entry = this.#find(channel) ?? (sockets > 0 ? this.#create(channel) : null);
    if (entry !== null) this.#setSockets(entry, sockets);
  }

  applyMember(channel: ChannelRef, contribution: MemberContribution): Promise<MemberAnswer> {
    const { userId, sockets } = contribution;
    const known = this.#find(channel);
    const comes = sockets > 0 && known?.presence?.members.has(userId) !== true;
    if (comes && (known?.presence?.members.size ?? 0) >= contribution.maxMembers) return Promise.resolve(FULL);

    const entry = known ?? this.#create(channel);
    const presence = (entry.presence ??= { members: new Map(), version: 0, told: new Set() });
    if (comes) {
      this.#setSockets(entry, contribution.channelSockets);
      this.#memberCame(entry, presence, userId, contribution.userInfo);
    } else {
      if (sockets === 0 && presence.members.has(userId)) this.#memberLeft(entry, presence, userId);
      this.#setSockets(entry, contribution.channelSockets);
    }
    return Promise.resolve({ kind: 'applied', roster: presence });
  }

  canRelay(): boolean {
    return true;
  }

  relay(): void {
    // There is nobody else to pass it to.
  }

  tell(fact: Fact): void {
    if (this.#listener?.wants(fact.appId, fact.kind) === true) this.#listener.fact(fact, UNHEARD);
  }

  applyUser(appId: string, userId: string, connections: number): null {
    const change = this.#users.set(appId, userId, connections);
    if (change !== null) this.#listener?.userChanged(appId, userId, change === 'came');
    return null;
  }

  watch(appId: string): Promise<OnlineUsers> {
    return Promise.resolve({ has: (userId: string) => this.#users.isOnline(appId, userId) });
  }

  unwatch(): void {
    // One node hears of every user anyway.
  }

  terminateUser(appId: string, userId: string, reconnect: boolean): void {
    this.#listener?.terminateUser(appId, userId, reconnect);
  }

  occupied(appId: string, prefix: string): Promise<readonly ChannelSummary[]> {
    const found: ChannelSummary[] = [];
    for (const [name, entry] of this.#apps.get(appId) ?? []) {
      if (entry.sockets > 0 && name.startsWith(prefix)) found.push(summarize(name, entry));
    }
    return Promise.resolve(found);
  }

  summary(channel: ChannelRef): Promise<ChannelSummary> {
    return Promise.resolve(summarize(channel.name, this.#find(channel)));
  }

  users(channel: ChannelRef): Promise<readonly string[]> {
    return Promise.resolve([...(this.#find(channel)?.presence?.members.keys() ?? [])]);
  }

  remember(channel: ChannelRef, event: Omit<CachedEvent, 'expiresAt'>, ttlMs: number): void {
    this.#cache.remember(channel.topic, event, ttlMs);
  }

  recall(channel: ChannelRef): Promise<CachedEvent | null> {
    return Promise.resolve(this.#cache.recall(channel.topic));
  }

  keepDelivery(): null {
    return null;
  }

  endDelivery(): void {
    // Nothing was kept.
  }

  logAttempt(appId: string, attempt: WebhookAttempt): void {
    this.#attempts.add(appId, attempt);
  }

  attempts(appId: string, limit: number): Promise<readonly WebhookAttempt[]> {
    return Promise.resolve(this.#attempts.newest(appId, limit));
  }

  takePermits(appId: string, rate: string, count: number, perSecond: number): boolean {
    const key = `${appId}/${rate}`;
    let window = this.#rates.get(key);
    if (window === undefined) this.#rates.set(key, (window = rateWindow()));
    return takePermits(window, count, perSecond, performance.now());
  }

  claimKey(appId: string, key: string, digest: string): Promise<KeyClaim> {
    return this.#keys.claim(appId, key, digest);
  }

  settleKey(appId: string, key: string, answer: string): void {
    this.#keys.settle(appId, key, answer);
  }

  releaseKey(appId: string, key: string): void {
    this.#keys.release(appId, key);
  }

  connectionsElsewhere(): number {
    return 0;
  }

  sessionOpened(): null {
    return null;
  }

  sessionClosed(): void {
    // Nobody else could have asked for it.
  }

  findSession(): null {
    return null;
  }

  tellNode(): void {
    // There is no other node.
  }

  listenToFeed(): void {
    // What happens here is all that happens.
  }

  relayFeed(): void {
    // There is nobody else to pass it to.
  }

  drain(): Promise<void> {
    this.#due.flush();
    this.#counts.close();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.drain();
    this.#cache.close();
    this.#keys.close();
  }

  #find(channel: ChannelRef): Entry | null {
    return this.#apps.get(channel.appId)?.get(channel.name) ?? null;
  }

  #create(channel: ChannelRef): Entry {
    const { appId, name, topic } = channel;
    const entry: Entry = { channel: { appId, name, topic }, sockets: 0, told: false, presence: null };
    const channels = this.#apps.get(appId) ?? new Map<string, Entry>();
    this.#apps.set(appId, channels);
    channels.set(name, entry);
    return entry;
  }

  /** Forgets a channel that nobody is on and that no webhook has to hear of any more. */
  #forgetIfDone(entry: Entry): void {
    if (entry.sockets > 0 || entry.told || (entry.presence?.told.size ?? 0) > 0) return;
    const channels = this.#apps.get(entry.channel.appId);
    if (channels?.get(entry.channel.name) !== entry) return;
    channels.delete(entry.channel.name);
    if (channels.size === 0) this.#apps.delete(entry.channel.appId);
  }

  #setSockets(entry: Entry, sockets: number): void {
    const before = entry.sockets;
    entry.sockets = sockets;
    if (before === 0 && sockets > 0) this.#channelOccupied(entry);
    else if (before > 0 && sockets === 0) this.#channelEmpty(entry);
    if (before !== sockets && this.#isCounted(entry)) this.#counts.changed(entry);
  }

  #channelOccupied(entry: Entry): void {
    const { appId, name, topic } = entry.channel;
    this.#listener?.occupancyChanged(entry.channel, true);
    if (entry.told) {
      this.#due.cancel(topic);
    } else if (this.#tracks(entry.channel, 'channel_occupied', 'channel_vacated')) {
      entry.told = true;
      this.tell({ kind: 'channel_occupied', appId, channel: name });
    }
  }

  #channelEmpty(entry: Entry): void {
    const { appId, name, topic } = entry.channel;
    this.#listener?.occupancyChanged(entry.channel, false);
    if (!entry.told) {
      this.#forgetIfDone(entry);
      return;
    }
    this.#due.put(topic, () => {
      entry.told = false;
      this.tell({ kind: 'channel_vacated', appId, channel: name });
      this.#forgetIfDone(entry);
    });
  }

  #memberCame(entry: Entry, presence: Presence, userId: string, userInfo: string | null): void {
    const { appId, name, topic } = entry.channel;
    presence.members.set(userId, userInfo);
    presence.version += 1;
    this.#listener?.memberAdded(entry.channel, userId, userInfo);
    this.#listener?.membershipChanged(entry.channel, userId, true);
    if (presence.told.has(userId)) {
      this.#due.cancel(memberKey(topic, userId));
    } else if (this.#tracks(entry.channel, 'member_added', 'member_removed')) {
      presence.told.add(userId);
      this.tell({ kind: 'member_added', appId, channel: name, userId });
    }
  }

  #memberLeft(entry: Entry, presence: Presence, userId: string): void {
    const { appId, name, topic } = entry.channel;
    presence.members.delete(userId);
    presence.version += 1;
    this.#listener?.memberRemoved(entry.channel, userId);
    this.#listener?.membershipChanged(entry.channel, userId, false);
    if (!presence.told.has(userId)) return;
    this.#due.put(memberKey(topic, userId), () => {
      presence.told.delete(userId);
      this.tell({ kind: 'member_removed', appId, channel: name, userId });
      this.#forgetIfDone(entry);
    });
  }

  #isCounted({ channel, presence }: Entry): boolean {
    if (presence !== null || channel.name.startsWith('#')) return false;
    return this.#listener?.countsSubscriptions(channel.appId) === true;
  }

  #tellCount({ channel, sockets }: Entry): void {
    this.#listener?.subscriptionCount(channel, sockets);
    const { appId, name } = channel;
    this.tell({ kind: 'subscription_count', appId, channel: name, count: sockets });
  }

  /** A user's own channel (`#…`) is an address, not something that an application opened: nobody is told of it. */
  #tracks({ appId, name }: ChannelRef, came: Fact['kind'], left: Fact['kind']): boolean {
    if (this.#listener === null || name.startsWith('#')) return false;
    return this.#listener.wants(appId, came) || this.#listener.wants(appId, left);
  }
}

function memberKey(topic: string, userId: string): string {
  return `${topic}\0${userId}`;
}

function summarize(name: string, entry: Entry | null): ChannelSummary {
  return { name, subscriptions: entry?.sockets ?? 0, users: entry?.presence?.members.size ?? 0 };
}
