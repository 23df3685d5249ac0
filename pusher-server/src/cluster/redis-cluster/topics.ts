import type { Logger } from '../../logger.ts';
import type { ChannelRef } from '../cluster.ts';
import { bucketOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { Subscriptions } from './subscriptions.ts';
import { isFrom } from './topic-message.ts';

/** How long the first subscriber of a channel waits at most until Redis has confirmed that the topic is heard. */
const CONFIRMATION_MS = 2_000;
/** How long a topic is still heard after nobody wants it any more. */
const LINGER_MS = 10_000;
/** While a Redis Cluster moves slots one after the other, all topics are subscribed again at most so often. */
const MOVING_MS = 200;
/** Names of topics that are remembered, because making one costs more than sending a small event. */
const MAX_NAMES = 10_000;

/** What is said on the topics of channels, and whether they can be heard. */
export interface TopicListener {
  /** A message that another node or a script sent. */
  message(channel: ChannelRef, message: Buffer): void;
  /** Redis confirmed that the topic is heard from now on: for the first time, or after a gap. */
  heard(channel: ChannelRef): void;
  /** The topic is not listened to any more. */
  dropped(channel: ChannelRef): void;
}

/** Takes what is said on a topic that is no channel's. */
export type TopicHandler = (message: Buffer) => void;

export interface TopicsOptions {
  readonly link: RedisLink;
  readonly listener: TopicListener;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly lingerMs?: number;
}

interface Topic {
  readonly name: string;
  readonly target: ChannelRef | TopicHandler;
  /** Told of each confirmation that it is heard; `null` for a channel, whose confirmations the listener is told of. */
  readonly heard: (() => void) | null;
  /** Whether somebody here is subscribed to the channel. */
  isListened: boolean;
  /** How often `hold` was called without a `release`. */
  holds: number;
  isHeard: boolean;
  /** Whoever waits for the confirmation; `null` when nobody does. */
  waiting: Waiting | null;
}

interface Waiting {
  readonly confirmed: Promise<void>;
  readonly release: () => void;
}

/**
 * The topics in Redis that this node listens to: those that somebody here wants to hear, while somebody does and a
 * little longer. The subscriptions of a tick go out in one command. After every break of the connection all are made
 * again, and the gap is counted: what was said meanwhile is lost to this node. What this node itself says is not heard.
 */
export class Topics {
  readonly #link: RedisLink;
  readonly #listener: TopicListener;
  readonly #log: TopicsOptions['log'];
  readonly #lingerMs: number;
  readonly #nodeId: Buffer;
  readonly #topics = new Map<string, Topic>();
  readonly #names = new Map<string, string>();
  /** Topics that nobody wants any more, the first to be given up first, with the time of that. */
  readonly #lingering = new Map<Topic, number>();
  readonly #subscriptions: Subscriptions;
  #sweep: NodeJS.Timeout | null = null;
  #moving: NodeJS.Timeout | null = null;
  #gaps = 0;

  constructor({ link, listener, log, lingerMs = LINGER_MS }: TopicsOptions) {
    this.#link = link;
    this.#listener = listener;
    this.#log = log;
    this.#lingerMs = lingerMs;
    this.#nodeId = Buffer.from(link.nodeId, 'latin1');
    this.#subscriptions = new Subscriptions(link, (name) => this.#confirmed(name));
    link.on('subscriberUp', () => this.#connected());
    link.on('subscriberDown', () => this.#disconnected());
    const take = (name: Buffer, message: Buffer) => this.#take(name, message);
    link.subscriber.on('messageBuffer', take);
    link.subscriber.on('smessageBuffer', take);
    // A slot that moved ends its subscriptions without a word; only that the slots were looked up again is told.
    if (link.subscriber.isCluster) link.subscriber.on('refresh', () => this.#slotsMayHaveMoved());
  }

  /** How often messages were missed. */
  get gaps(): number {
    return this.#gaps;
  }

  get size(): number {
    return this.#topics.size;
  }

  /** Somebody here is on the channel. `null` when it is heard already, or nothing can be heard now. */
  listen(channel: ChannelRef): Promise<void> | null {
    const topic = this.#open(channel);
    topic.isListened = true;
    this.#lingering.delete(topic);
    return this.#confirmation(topic);
  }

  /** Nobody here is on the channel any longer. */
  unlisten(channel: ChannelRef): void {
    const topic = this.#topics.get(this.nameOf(channel));
    if (topic === undefined) return;
    topic.isListened = false;
    this.#lingerIfUnwanted(topic);
  }

  /** Wants to hear the channel's topic whoever else does, until one `release`. Answers as `listen` does. */
  hold(channel: ChannelRef): Promise<void> | null {
    const topic = this.#open(channel);
    topic.holds += 1;
    this.#lingering.delete(topic);
    return this.#confirmation(topic);
  }

  release(channel: ChannelRef): void {
    const topic = this.#topics.get(this.nameOf(channel));
    if (topic === undefined) return;
    topic.holds -= 1;
    this.#lingerIfUnwanted(topic);
  }

  /**
   * Hears a topic that is no channel's, until `forget`. Answers as `listen` does. `heard` is told of each confirmation,
   * the first and those after gaps, in which messages may have been missed.
   */
  hear(name: string, handler: TopicHandler, heard: (() => void) | null = null): Promise<void> | null {
    const topic = this.#topics.get(name) ?? this.#create(name, handler, heard);
    topic.isListened = true;
    return this.#confirmation(topic);
  }

  forget(name: string): void {
    const topic = this.#topics.get(name);
    if (topic !== undefined) this.#drop(topic);
  }

  isHeard(channel: ChannelRef): boolean {
    return this.#topics.get(this.nameOf(channel))?.isHeard === true;
  }

  /** When it is confirmed that the channel is heard, `null` when nobody waits for that. */
  awaited(channel: ChannelRef): Promise<void> | null {
    return this.#topics.get(this.nameOf(channel))?.waiting?.confirmed ?? null;
  }

  /** The name of a channel's topic in Redis. */
  nameOf({ appId, name, topic }: ChannelRef): string {
    const known = this.#names.get(topic);
    if (known !== undefined) return known;
    if (this.#names.size >= MAX_NAMES) this.#names.clear();
    const made = this.#link.keys.topic(bucketOf(appId, name), appId, name);
    this.#names.set(topic, made);
    return made;
  }

  close(): void {
    this.#subscriptions.close();
    for (const timer of [this.#sweep, this.#moving]) clearTimeout(timer ?? undefined);
    for (const topic of this.#topics.values()) topic.waiting?.release();
    this.#topics.clear();
  }

  #open(channel: ChannelRef): Topic {
    const name = this.nameOf(channel);
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const { appId, topic } = channel;
    return this.#create(name, { appId, name: channel.name, topic }, null);
  }

  #create(name: string, target: Topic['target'], heard: Topic['heard']): Topic {
    const topic: Topic = { name, target, heard, isListened: false, holds: 0, isHeard: false, waiting: null };
    this.#topics.set(name, topic);
    this.#subscriptions.add(name);
    return topic;
  }

  #confirmation(topic: Topic): Promise<void> | null {
    if (topic.isHeard || !this.#subscriptions.isUp) return null;
    topic.waiting ??= waitFor(CONFIRMATION_MS);
    return topic.waiting.confirmed;
  }

  #lingerIfUnwanted(topic: Topic): void {
    if (topic.isListened || topic.holds > 0) return;
    this.#lingering.delete(topic);
    this.#lingering.set(topic, performance.now() + this.#lingerMs);
    this.#armSweep();
  }

  /** One timer for all: the first in line is the first to go. */
  #armSweep(): void {
    const [first] = this.#lingering.values();
    if (this.#sweep !== null || first === undefined) return;
    this.#sweep = setTimeout(
      () => {
        this.#sweep = null;
        const now = performance.now();
        for (const [topic, until] of this.#lingering) {
          if (until > now) break;
          this.#drop(topic);
        }
        this.#armSweep();
      },
      Math.max(first - performance.now(), 1),
    );
    this.#sweep.unref();
  }

  #drop(topic: Topic): void {
    this.#lingering.delete(topic);
    this.#topics.delete(topic.name);
    this.#subscriptions.remove(topic.name);
    topic.waiting?.release();
    if (typeof topic.target !== 'function') this.#listener.dropped(topic.target);
  }

  #confirmed(name: string): void {
    const topic = this.#topics.get(name);
    if (topic === undefined) return;
    topic.isHeard = true;
    if (typeof topic.target !== 'function') this.#listener.heard(topic.target);
    topic.heard?.();
    topic.waiting?.release();
    topic.waiting = null;
  }

  #connected(): void {
    this.#nothingIsHeard();
    this.#subscriptions.connected(this.#topics.keys());
  }

  #disconnected(): void {
    this.#subscriptions.disconnected();
    this.#nothingIsHeard();
  }

  /** From here on, and nobody waits for it. */
  #nothingIsHeard(): void {
    let missed = 0;
    for (const topic of this.#topics.values()) {
      if (topic.isHeard) missed += 1;
      topic.isHeard = false;
      topic.waiting?.release();
      topic.waiting = null;
    }
    if (missed === 0) return;
    this.#gaps += 1;
    this.#log.warn(
      { topics: missed },
      'the topics of other nodes cannot be heard: their events are missed until they are',
    );
  }

  #slotsMayHaveMoved(): void {
    this.#moving ??= setTimeout(() => {
      this.#moving = null;
      if (this.#subscriptions.isUp) this.#connected();
    }, MOVING_MS);
    this.#moving.unref();
  }

  #take(name: Buffer, message: Buffer): void {
    if (isFrom(this.#nodeId, message)) return;
    const topic = this.#topics.get(name.toString());
    if (topic === undefined) return;
    if (typeof topic.target === 'function') topic.target(message);
    else this.#listener.message(topic.target, message);
  }
}

function waitFor(milliseconds: number): Waiting {
  let resolve: () => void = () => undefined;
  const confirmed = new Promise<void>((done) => (resolve = done));
  const timer = setTimeout(resolve, milliseconds);
  timer.unref();
  return {
    confirmed,
    release: () => {
      clearTimeout(timer);
      resolve();
    },
  };
}
