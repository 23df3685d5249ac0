import type { RedisLink } from './redis-link.ts';
import { subscribeTopics, unsubscribeTopics } from './subscribe-commands.ts';

/** Topics in one command: few enough that what else waits for this connection goes on between two of them. */
const CHUNK = 500;
/** Before subscribing is tried again that Redis refused. */
const RETRY_MS = 250;

/**
 * The subscriptions of one connection to Redis. Those of a tick go out in one command, one command after the other, so
 * that what comes meanwhile gathers, and thousands go in bounded chunks.
 */
export class Subscriptions {
  readonly #link: RedisLink;
  readonly #confirmed: (name: string) => void;
  readonly #toSubscribe = new Set<string>();
  readonly #toUnsubscribe = new Set<string>();
  #retry: NodeJS.Timeout | null = null;
  #isScheduled = false;
  #isSending = false;
  #isUp = false;
  /** Rises with every break: what was confirmed before says nothing any more. */
  #session = 0;

  /** `confirmed` hears of every topic that Redis has confirmed, while nothing took it back. */
  constructor(link: RedisLink, confirmed: (name: string) => void) {
    this.#link = link;
    this.#confirmed = confirmed;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Without a connection nothing is remembered: whoever makes one says what has to be heard. */
  add(name: string): void {
    this.#toUnsubscribe.delete(name);
    if (!this.#isUp) return;
    this.#toSubscribe.add(name);
    this.#schedule();
  }

  remove(name: string): void {
    this.#toSubscribe.delete(name);
    if (!this.#isUp) return;
    this.#toUnsubscribe.add(name);
    this.#schedule();
  }

  /** There is a new connection, which hears nothing yet: these topics are to be heard. */
  connected(names: Iterable<string>): void {
    this.disconnected();
    this.#isUp = true;
    for (const name of names) this.add(name);
  }

  disconnected(): void {
    this.#isUp = false;
    this.#session += 1;
    this.#toSubscribe.clear();
    this.#toUnsubscribe.clear();
  }

  close(): void {
    this.disconnected();
    clearTimeout(this.#retry ?? undefined);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    if (this.#isSending || this.#retry !== null) return;
    this.#isSending = true;
    let isRefused = false;
    while (this.#isUp && !isRefused && this.#toSubscribe.size + this.#toUnsubscribe.size > 0) {
      const ended = unsubscribeTopics(this.#link, takeFrom(this.#toUnsubscribe));
      isRefused = !(await this.#subscribe(takeFrom(this.#toSubscribe)));
      await ended;
    }
    this.#isSending = false;
    if (!isRefused) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#send();
    }, RETRY_MS);
  }

  /** Answers `false` when some have to be tried again. */
  async #subscribe(names: readonly string[]): Promise<boolean> {
    const session = this.#session;
    const confirmed = await subscribeTopics(this.#link, names);
    // What was lost with the connection is subscribed again with all the others.
    if (session !== this.#session) return true;
    for (const name of names) {
      if (!confirmed.has(name)) this.#toSubscribe.add(name);
      else if (!this.#toUnsubscribe.has(name)) this.#confirmed(name);
    }
    return confirmed.size === names.length;
  }
}

/** Takes the first names out of a set. */
function takeFrom(names: Set<string>): readonly string[] {
  const taken: string[] = [];
  for (const name of names) {
    if (taken.length === CHUNK) break;
    taken.push(name);
  }
  for (const name of taken) names.delete(name);
  return taken;
}
