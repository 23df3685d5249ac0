import type { CachedEvent } from './cluster.ts';

const SWEEP_MS = 60_000;

/** The last event of each cache channel, forgotten when its time is over. */
export class EventCache {
  readonly #events = new Map<string, CachedEvent>();
  readonly #sweep: NodeJS.Timeout;

  constructor() {
    this.#sweep = setInterval(() => this.#forgetExpired(), SWEEP_MS);
    this.#sweep.unref();
  }

  remember(topic: string, event: Omit<CachedEvent, 'expiresAt'>, ttlMs: number): void {
    this.#events.set(topic, { ...event, expiresAt: Date.now() + ttlMs });
  }

  recall(topic: string): CachedEvent | null {
    const event = this.#events.get(topic);
    return event !== undefined && event.expiresAt > Date.now() ? event : null;
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#events.clear();
  }

  #forgetExpired(): void {
    const now = Date.now();
    for (const [topic, event] of this.#events) {
      if (event.expiresAt <= now) this.#events.delete(topic);
    }
  }
}
