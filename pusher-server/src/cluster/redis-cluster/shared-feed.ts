import { bucketOf } from './keys.ts';
import { publish, type TopicHearing } from './node-messages.ts';
import type { NodeReport } from './node-reports.ts';
import type { RedisLink } from './redis-link.ts';
import { decodeMessage, feedMessage } from './topic-message.ts';

/** What happens within this time goes to the other nodes in one message. */
const GATHER_MS = 20;
/** Of one app; a storm loses what is beyond. */
const MAX_GATHERED = 256 * 1024;

/** What a feed tells this node. */
export interface FeedEvents {
  /** Somebody listens on another node, or nobody does any longer. */
  wanted(appId: string, wanted: boolean): void;
  heard(appId: string, text: string): void;
}

/** No channel is called so. */
const NAME = '#feed';

/**
 * The streams of apps over all nodes. A node that has a listener says so in its report; the others pass on what happens
 * in that app only then.
 */
export class SharedFeed {
  readonly #link: RedisLink;
  readonly #topics: TopicHearing;
  readonly #events: FeedEvents;
  readonly #listenedHere = new Set<string>();
  #listenedElsewhere = new Set<string>();
  readonly #gathered = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(link: RedisLink, topics: TopicHearing, events: FeedEvents) {
    this.#link = link;
    this.#topics = topics;
    this.#events = events;
  }

  /** The apps that somebody here listens to. */
  get listened(): readonly string[] {
    return [...this.#listenedHere];
  }

  listen(appId: string): void {
    this.#listenedHere.add(appId);
    this.#topics.hear(this.#topicOf(appId), (message) => {
      const decoded = decodeMessage(message);
      if (decoded?.kind === 'feed') this.#events.heard(appId, decoded.event);
    });
  }

  unlisten(appId: string): void {
    if (this.#listenedHere.delete(appId)) this.#topics.forget(this.#topicOf(appId));
  }

  read(reports: readonly NodeReport[]): void {
    const before = this.#listenedElsewhere;
    this.#listenedElsewhere = new Set(reports.flatMap(({ feeds }) => feeds));
    for (const appId of this.#listenedElsewhere) if (!before.has(appId)) this.#events.wanted(appId, true);
    for (const appId of before) if (!this.#listenedElsewhere.has(appId)) this.#events.wanted(appId, false);
  }

  relay(appId: string, text: string): void {
    const before = this.#gathered.get(appId) ?? '';
    if (before.length + text.length > MAX_GATHERED) return;
    this.#gathered.set(appId, before + text);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#flush();
  }

  #flush(): void {
    this.#timer = null;
    for (const [appId, text] of this.#gathered) {
      if (!this.#link.isUp) break;
      // Whoever listens hears of what happens, and may miss some of it.
      publish(this.#link, this.#topicOf(appId), feedMessage(this.#link.nodeId, text)).catch(() => undefined);
    }
    this.#gathered.clear();
  }

  #topicOf(appId: string): string {
    return this.#link.keys.topic(bucketOf(appId, NAME), appId, NAME);
  }
}
