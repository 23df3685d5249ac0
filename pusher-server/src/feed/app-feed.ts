import type { FeedEvent } from './feed-event.ts';

/** Takes ready pieces of an event stream; it never makes anybody wait. */
export interface FeedListener {
  write(text: string): void;
  /** The stream ends from this side. */
  end(): void;
}

/**
 * Those who listen to what happens in one app, here and on other nodes. There is none while nobody listens, so that a tap
 * costs one look.
 */
export class AppFeed {
  readonly #listeners = new Set<FeedListener>();
  /** Takes what happens here to the nodes where somebody listens; `null` while there is none. */
  relay: ((text: string) => void) | null = null;

  /** How many listen here. */
  get size(): number {
    return this.#listeners.size;
  }

  get isUnused(): boolean {
    return this.#listeners.size === 0 && this.relay === null;
  }

  /** Encodes an event once and hands it to every listener, wherever it is. */
  tell(event: FeedEvent): void {
    const { event: name, ...data } = event;
    const text = eventText(name, { time: new Date().toISOString(), ...data });
    this.hear(text);
    this.relay?.(text);
  }

  /** Hands what happened on another node to the listeners here. */
  hear(text: string): void {
    for (const listener of this.#listeners) listener.write(text);
  }

  add(listener: FeedListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: FeedListener): void {
    this.#listeners.delete(listener);
  }

  end(): void {
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }
}

/** One event in the form of the HTML standard, "Server-sent events". */
export function eventText(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
