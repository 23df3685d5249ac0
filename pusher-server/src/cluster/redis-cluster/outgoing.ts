import { publishAll, publishNothing } from './publish-commands.ts';
import type { RedisLink } from './redis-link.ts';

/** What may wait for Redis, commands that it has not answered included; beyond it events are refused. */
export const MAX_WAITING_EVENTS = 10_000;
const MAX_WAITING_BYTES = 16 * 1_024 * 1_024;
/** Longer than a Redis takes that is restarted within half a minute, and found again. */
export const MAX_WAITING_MS = 45_000;
/** What is sent at a time: with the answer to it the next goes. */
const BATCH_EVENTS = 500;
const BATCH_BYTES = 1_024 * 1_024;
/** After Redis left a batch unanswered it is asked again and again whether it is there. */
const PROBE_MS = 250;
/**
 * What waited while Redis was away waits so much longer: every node has found Redis again by then and hears its topics,
 * and what goes out before that is lost to it.
 */
const OTHERS_RETURN_MS = 1_500;

/** A message on its way to the other nodes. */
export interface OutgoingMessage {
  /** The topic's name in Redis. */
  readonly topic: string;
  readonly message: string;
  readonly bytes: number;
  /** By this process's own clock. */
  readonly since: number;
}

/**
 * The messages for other nodes, in order. One batch is under way at a time: what comes meanwhile waits for its answer,
 * so that little is in doubt when Redis does not give one. A batch in doubt is never sent again: delivery between nodes
 * is at most once.
 */
export class Outgoing {
  readonly #link: RedisLink;
  readonly #now: () => number;
  #waiting: OutgoingMessage[] = [];
  #underWay: readonly OutgoingMessage[] = [];
  #bytes = 0;
  #isScheduled = false;
  #isSending = false;
  /** Redis owes an answer: it gets nothing that could be lost before it has given one. */
  #isInDoubt = false;
  /** Nothing is sent before it is over. */
  #pause: NodeJS.Timeout | null = null;
  #lost = 0;
  #isClosed = false;

  constructor(link: RedisLink, now: () => number = () => performance.now()) {
    this.#link = link;
    this.#now = now;
    link.on('up', () => this.#returned());
  }

  /** Messages that Redis has not taken yet. */
  get length(): number {
    return this.#waiting.length + this.#underWay.length;
  }

  /** Messages that were taken and may not have reached anybody. */
  get lost(): number {
    return this.#lost;
  }

  /** Whether one more can be taken. */
  canTake(): boolean {
    const oldest = this.#underWay[0] ?? this.#waiting[0];
    if (oldest === undefined) return true;
    return (
      this.length < MAX_WAITING_EVENTS && this.#bytes < MAX_WAITING_BYTES && this.#now() - oldest.since < MAX_WAITING_MS
    );
  }

  /** Takes a message; when there is no room for it, it is lost to the other nodes. */
  send(topic: string, message: string): void {
    if (!this.canTake()) {
      this.#lost += 1;
      return;
    }
    const bytes = Buffer.byteLength(message);
    this.#waiting.push({ topic, message, bytes, since: this.#now() });
    this.#bytes += bytes;
    this.#schedule();
  }

  /** Resolves when everything was taken by Redis, or `limitMs` are over. */
  async close(limitMs: number): Promise<void> {
    const until = this.#now() + limitMs;
    while (this.length > 0 && this.#now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    this.#isClosed = true;
    if (this.#pause !== null) clearTimeout(this.#pause);
  }

  /** What one tick brings goes together, and what comes while a batch is under way goes with the next. */
  #schedule(): void {
    if (this.#isScheduled || this.#isSending || this.#waiting.length === 0 || !this.#canReach()) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isSending) void this.#sendAll();
    });
  }

  #canReach(): boolean {
    return this.#link.isUp && this.#pause === null && !this.#isClosed;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0 && this.#canReach()) {
      if (this.#isInDoubt) await this.#askWhetherItIsThere();
      else await this.#sendBatch();
    }
    this.#isSending = false;
  }

  async #sendBatch(): Promise<void> {
    this.#underWay = this.#takeBatch();
    const refused = await publishAll(this.#link, this.#underWay);
    this.#lost += refused;
    this.#isInDoubt = refused > 0;
    for (const { bytes } of this.#underWay) this.#bytes -= bytes;
    this.#underWay = [];
  }

  /** With an empty message, which nobody takes, on the way that the next one will go. */
  async #askWhetherItIsThere(): Promise<void> {
    const [next] = this.#waiting;
    this.#isInDoubt = next !== undefined && !(await publishNothing(this.#link, next.topic));
    if (!this.#isInDoubt || this.#isClosed) return;
    this.#sendAfter(PROBE_MS);
  }

  #returned(): void {
    if (this.#waiting.length > 0) this.#sendAfter(OTHERS_RETURN_MS);
  }

  #sendAfter(milliseconds: number): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#schedule();
    }, milliseconds);
    this.#pause.unref();
  }

  #takeBatch(): readonly OutgoingMessage[] {
    let bytes = 0;
    let count = 0;
    for (const message of this.#waiting) {
      if (count === BATCH_EVENTS || bytes >= BATCH_BYTES) break;
      bytes += message.bytes;
      count += 1;
    }
    if (count === this.#waiting.length) {
      const all = this.#waiting;
      this.#waiting = [];
      return all;
    }
    return this.#waiting.splice(0, count);
  }
}
