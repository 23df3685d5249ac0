import type { CachedEvent, ChannelRef, ClusterListener, KeyClaim, WebhookAttempt } from '../cluster.ts';
import { AppConnections } from './app-connections.ts';
import { NodeMessages, type TopicHearing } from './node-messages.ts';
import { NodeReports } from './node-reports.ts';
import { Permits } from './permits.ts';
import type { RedisLink } from './redis-link.ts';
import { Sessions } from './sessions.ts';
import { SharedAttempts } from './shared-attempts.ts';
import { SharedEvents } from './shared-events.ts';
import { SharedFeed } from './shared-feed.ts';
import { SharedKeys } from './shared-keys.ts';

export interface SharedStateOptions {
  readonly link: RedisLink;
  readonly topics: TopicHearing;
  readonly leaseMs: number;
  readonly listener: Pick<
    ClusterListener,
    'nodeMessage' | 'sessionTaken' | 'limitedConnections' | 'feedWanted' | 'feedHeard'
  >;
}

/** All that nodes share beside who is on which channel: the methods of the port that are about that. */
export class SharedState {
  readonly #permits: Permits;
  readonly #keys: SharedKeys;
  readonly #events: SharedEvents;
  readonly #attempts: SharedAttempts;
  readonly #reports: NodeReports;
  readonly #connections = new AppConnections();
  readonly #sessions: Sessions;
  readonly #messages: NodeMessages;
  readonly #feed: SharedFeed;

  constructor({ link, topics, leaseMs, listener }: SharedStateOptions) {
    this.#permits = new Permits(link, () => this.#reports.others.length + 1);
    this.#keys = new SharedKeys(link);
    this.#events = new SharedEvents(link);
    this.#attempts = new SharedAttempts(link);
    this.#sessions = new Sessions(link, (id) => listener.sessionTaken(id));
    this.#messages = new NodeMessages(link, topics, (message) => listener.nodeMessage(message));
    this.#feed = new SharedFeed(link, topics, {
      wanted: (appId, wanted) => listener.feedWanted(appId, wanted),
      heard: (appId, text) => listener.feedHeard(appId, text),
    });
    this.#reports = new NodeReports({
      link,
      leaseMs,
      own: () => ({ connections: Object.fromEntries(listener.limitedConnections()), feeds: this.#feed.listened }),
      read: () => {
        this.#connections.read(this.#reports.others);
        this.#feed.read(this.#reports.others);
      },
    });
  }

  remember(channel: ChannelRef, event: Omit<CachedEvent, 'expiresAt'>, ttlMs: number): void {
    this.#events.remember(channel, event, ttlMs);
  }

  recall(channel: ChannelRef): Promise<CachedEvent | null> {
    return this.#events.recall(channel);
  }

  logAttempt(appId: string, attempt: WebhookAttempt): void {
    this.#attempts.add(appId, attempt);
  }

  attempts(appId: string, limit: number): Promise<readonly WebhookAttempt[]> {
    return this.#attempts.newest(appId, limit);
  }

  takePermits(appId: string, rate: string, count: number, perSecond: number): boolean | Promise<boolean> {
    return this.#permits.take(appId, rate, count, perSecond);
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

  connectionsElsewhere(appId: string): number {
    return this.#connections.elsewhere(appId);
  }

  sessionOpened(id: string): Promise<void> | null {
    return this.#sessions.opened(id);
  }

  sessionClosed(id: string): void {
    this.#sessions.closed(id);
  }

  findSession(id: string): string | null | Promise<string | null> {
    return this.#sessions.find(id);
  }

  tellNode(nodeId: string, message: string): void {
    this.#messages.tell(nodeId, message);
  }

  listenToFeed(appId: string, listening: boolean): void {
    if (listening) this.#feed.listen(appId);
    else this.#feed.unlisten(appId);
    this.#reports.changed();
  }

  relayFeed(appId: string, text: string): void {
    this.#feed.relay(appId, text);
  }

  async close(): Promise<void> {
    this.#sessions.close();
    this.#messages.close();
    this.#feed.close();
    this.#keys.close();
    this.#events.close();
    await this.#reports.close();
  }
}
