import type { Logger } from '../../logger.ts';
import type {
  CachedEvent,
  ChannelRef,
  ChannelSummary,
  Cluster,
  ClusterHealth,
  ClusterListener,
  Delivery,
  Fact,
  FactReceipt,
  KeyClaim,
  MemberAnswer,
  MemberContribution,
  OnlineUsers,
  WebhookAttempt,
} from '../cluster.ts';
import { userChannel } from './keys.ts';
import { joinParts, type Parts } from './parts.ts';
import { RedisConnections } from './redis-link.ts';
import type { RedisTarget } from './redis-url.ts';
import { eventMessage } from './topic-message.ts';

export interface RedisClusterOptions {
  readonly target: RedisTarget;
  /** Before every key and topic; holds no braces. */
  readonly prefix: string;
  /** How long a dead node's members and channels are believed. */
  readonly leaseMs: number;
  /** How long a leaving must last to be told to webhooks. */
  readonly webhookDelayMs: number;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** How long a start waits for Redis; without it the node begins alone and joins the others when Redis comes. */
const START_LIMIT_MS = 2_000;
/** How long a stop waits for Redis to take what this node still owes. */
const DRAIN_LIMIT_MS = 2_000;
const FULL: MemberAnswer = { kind: 'full' };
const USER_CHANNELS = userChannel('');

/** One of several nodes that are one through Redis: the port, joined from its parts. */
export class RedisCluster implements Cluster {
  readonly #options: RedisClusterOptions;
  readonly #link: RedisConnections;
  #joined: Parts | null = null;
  #draining: Promise<void> | null = null;

  constructor(options: RedisClusterOptions) {
    this.#options = options;
    this.#link = new RedisConnections(options);
  }

  get nodeId(): string {
    return this.#link.nodeId;
  }

  get health(): ClusterHealth {
    const parts = this.#joined;
    return {
      up: this.#link.isUp,
      waiting: parts?.outgoing.length ?? 0,
      dirty: parts?.contributions.dirty ?? 0,
      gaps: parts?.topics.gaps ?? 0,
      lostFacts: parts?.facts.lostFacts ?? 0,
    };
  }

  async start(listener: ClusterListener): Promise<void> {
    const { webhookDelayMs, leaseMs, log } = this.#options;
    this.#joined = joinParts({ link: this.#link, listener, webhookDelayMs, leaseMs, log });
    await this.#isReachedWithin(START_LIMIT_MS);
  }

  listen(channel: ChannelRef): Promise<void> | null {
    return this.#parts.topics.listen(channel);
  }

  unlisten(channel: ChannelRef): void {
    this.#parts.topics.unlisten(channel);
  }

  apply(channel: ChannelRef, sockets: number): void {
    // A user's own channel counts the connections that are signed in as the user, which `applyUser` tells.
    if (!channel.name.startsWith(USER_CHANNELS)) this.#parts.contributions.apply(channel, sockets);
  }

  async applyMember(channel: ChannelRef, contribution: MemberContribution): Promise<MemberAnswer> {
    const { contributions, replicas } = this.#parts;
    const outcome = await contributions.applyMember(channel, contribution);
    if (outcome.kind === 'full') return FULL;
    const roster = await replicas.reach(channel, contribution, outcome);
    if (roster !== null) return { kind: 'applied', roster };
    contributions.takeBack(channel, contribution.userId);
    return FULL;
  }

  canRelay(): boolean {
    return this.#parts.outgoing.canTake();
  }

  relay(channel: ChannelRef, frame: string, exceptSocketId: string | null): void {
    const { outgoing, topics } = this.#parts;
    outgoing.send(topics.nameOf(channel), eventMessage(this.nodeId, frame, exceptSocketId));
  }

  tell(fact: Fact): void {
    this.#parts.facts.tell(fact);
  }

  applyUser(appId: string, userId: string, connections: number): Promise<void> | null {
    const { contributions, users } = this.#parts;
    contributions.applyUser(appId, userId, connections);
    return users.applyUser(appId, userId, connections);
  }

  watch(appId: string, userIds: readonly string[]): Promise<OnlineUsers> {
    return this.#parts.users.watch(appId, userIds);
  }

  unwatch(appId: string, userIds: readonly string[]): void {
    this.#parts.users.unwatch(appId, userIds);
  }

  terminateUser(appId: string, userId: string, reconnect: boolean): void {
    this.#parts.users.terminate(appId, userId, reconnect);
  }

  occupied(appId: string, prefix: string): Promise<readonly ChannelSummary[]> {
    return this.#parts.reads.occupied(appId, prefix);
  }

  summary(channel: ChannelRef): Promise<ChannelSummary> {
    return this.#parts.reads.summary(channel);
  }

  users(channel: ChannelRef): Promise<readonly string[]> {
    return this.#parts.reads.users(channel);
  }

  remember(channel: ChannelRef, event: Omit<CachedEvent, 'expiresAt'>, ttlMs: number): void {
    this.#parts.shared.remember(channel, event, ttlMs);
  }

  recall(channel: ChannelRef): Promise<CachedEvent | null> {
    return this.#parts.shared.recall(channel);
  }

  keepDelivery(delivery: Delivery, receipts: readonly FactReceipt[]): Promise<boolean> {
    return this.#parts.facts.keepDelivery(delivery, receipts);
  }

  endDelivery(delivery: Delivery): void {
    this.#parts.facts.endDelivery(delivery);
  }

  logAttempt(appId: string, attempt: WebhookAttempt): void {
    this.#parts.shared.logAttempt(appId, attempt);
  }

  attempts(appId: string, limit: number): Promise<readonly WebhookAttempt[]> {
    return this.#parts.shared.attempts(appId, limit);
  }

  takePermits(appId: string, rate: string, count: number, perSecond: number): boolean | Promise<boolean> {
    return this.#parts.shared.takePermits(appId, rate, count, perSecond);
  }

  claimKey(appId: string, key: string, digest: string): Promise<KeyClaim> {
    return this.#parts.shared.claimKey(appId, key, digest);
  }

  settleKey(appId: string, key: string, answer: string): void {
    this.#parts.shared.settleKey(appId, key, answer);
  }

  releaseKey(appId: string, key: string): void {
    this.#parts.shared.releaseKey(appId, key);
  }

  connectionsElsewhere(appId: string): number {
    return this.#parts.shared.connectionsElsewhere(appId);
  }

  sessionOpened(id: string): Promise<void> | null {
    return this.#parts.shared.sessionOpened(id);
  }

  sessionClosed(id: string): void {
    this.#parts.shared.sessionClosed(id);
  }

  findSession(id: string): string | null | Promise<string | null> {
    return this.#parts.shared.findSession(id);
  }

  tellNode(nodeId: string, message: string): void {
    this.#parts.shared.tellNode(nodeId, message);
  }

  listenToFeed(appId: string, listening: boolean): void {
    this.#parts.shared.listenToFeed(appId, listening);
  }

  relayFeed(appId: string, text: string): void {
    this.#parts.shared.relayFeed(appId, text);
  }

  drain(): Promise<void> {
    return (this.#draining ??= this.#drain());
  }

  async close(): Promise<void> {
    await this.drain();
    const parts = this.#joined;
    if (parts !== null) {
      await parts.outgoing.close(this.#link.isUp ? DRAIN_LIMIT_MS : 0);
      await parts.facts.close();
      await parts.shared.close();
      parts.users.close();
      parts.replicas.close();
      parts.topics.close();
      parts.contributions.close();
      parts.membership.pause();
    }
    this.#link.close();
  }

  get #parts(): Parts {
    if (this.#joined === null) throw new Error('A cluster has to be started before it is used');
    return this.#joined;
  }

  /** Others need not wait for the end of the lease, and what is due is told by one of them. */
  async #drain(): Promise<void> {
    const parts = this.#joined;
    if (parts === null) return;
    const until = performance.now() + DRAIN_LIMIT_MS;
    do {
      await parts.contributions.flush();
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#link.isUp && parts.contributions.dirty > 0 && performance.now() < until);
    if (!this.#link.isUp) return;
    try {
      await parts.repair.giveBack();
      await parts.facts.drain();
      await parts.membership.end();
    } catch (error) {
      // What could not be given back is taken away when the lease is over.
      this.#options.log.warn({ err: error }, 'redis did not take back what this node held');
    }
  }

  async #isReachedWithin(limitMs: number): Promise<void> {
    const parts = this.#parts;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    const reached = new Promise<void>((resolve) => {
      this.#link.on('up', () => void parts.contributions.flush().then(resolve));
    });
    await Promise.race([late, reached]);
    clearTimeout(timer);
  }
}
