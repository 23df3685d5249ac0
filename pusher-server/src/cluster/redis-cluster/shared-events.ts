import type { CachedEvent, ChannelRef } from '../cluster.ts';
import { bucketOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';

/** What this node keeps of its own for the time in which Redis is away. */
const MAX_EVENTS = 10_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

interface OwnEvent {
  readonly channel: ChannelRef;
  readonly event: CachedEvent;
  /** Redis has not been told of it. */
  isUntold: boolean;
}

/**
 * The last event of each cache channel, in Redis and, of those that were triggered here lately, in this node's memory.
 * That is what answers while Redis is away, and what is told to Redis on its return.
 */
export class SharedEvents {
  readonly #link: RedisLink;
  /** By topic, the longest unchanged first. */
  readonly #own = new Map<string, OwnEvent>();
  #characters = 0;

  constructor(link: RedisLink) {
    this.#link = link;
    link.on('up', () => this.#tellUntold());
  }

  remember(channel: ChannelRef, event: Omit<CachedEvent, 'expiresAt'>, ttlMs: number): void {
    const { appId, name, topic } = channel;
    const own: OwnEvent = {
      channel: { appId, name, topic },
      event: { frame: event.frame, data: event.data, expiresAt: Date.now() + ttlMs },
      isUntold: true,
    };
    this.#keep(own);
    if (this.#link.isUp) this.#tell(own, ttlMs);
  }

  async recall(channel: ChannelRef): Promise<CachedEvent | null> {
    if (!this.#link.isUp) return this.#recallOwn(channel);
    try {
      const name = this.#keyOf(channel);
      const [text, left] = await Promise.all([this.#link.commands.get(name), this.#link.commands.pttl(name)]);
      return text === null || left <= 0 ? null : decode(text, Date.now() + left);
    } catch {
      return this.#recallOwn(channel);
    }
  }

  close(): void {
    this.#own.clear();
    this.#characters = 0;
  }

  #recallOwn({ topic }: ChannelRef): CachedEvent | null {
    const event = this.#own.get(topic)?.event;
    return event !== undefined && event.expiresAt > Date.now() ? event : null;
  }

  #keep(own: OwnEvent): void {
    this.#drop(own.channel.topic);
    this.#own.set(own.channel.topic, own);
    this.#characters += sizeOf(own);
    for (const topic of this.#own.keys()) {
      if (this.#own.size <= MAX_EVENTS && this.#characters <= MAX_CHARACTERS) return;
      this.#drop(topic);
    }
  }

  #drop(topic: string): void {
    const known = this.#own.get(topic);
    if (known === undefined) return;
    this.#own.delete(topic);
    this.#characters -= sizeOf(known);
  }

  #tell(own: OwnEvent, ttlMs: number): void {
    const name = this.#keyOf(own.channel);
    const { frame, data } = own.event;
    const told =
      ttlMs > 0
        ? this.#link.commands.set(name, `${String(frame.length)}\n${frame}${data}`, 'PX', ttlMs)
        : this.#link.commands.del(name);
    told
      .then(() => {
        own.isUntold = false;
      })
      // It stays untold, and is told when Redis is back.
      .catch(() => undefined);
  }

  /** What happened here while Redis was away is newer than what Redis holds from before. */
  #tellUntold(): void {
    const now = Date.now();
    for (const own of this.#own.values()) {
      if (own.isUntold && own.event.expiresAt > now) this.#tell(own, own.event.expiresAt - now);
    }
  }

  #keyOf({ appId, name }: ChannelRef): string {
    return this.#link.keys.cachedEvent(bucketOf(appId, name), appId, name);
  }
}

function sizeOf({ event }: OwnEvent): number {
  return event.frame.length + event.data.length;
}

/** The length of the frame, a line feed, the frame and the data. */
function decode(text: string, expiresAt: number): CachedEvent | null {
  const cut = text.indexOf('\n');
  const length = Number(text.slice(0, cut));
  if (cut < 0 || !Number.isInteger(length)) return null;
  return { frame: text.slice(cut + 1, cut + 1 + length), data: text.slice(cut + 1 + length), expiresAt };
}
