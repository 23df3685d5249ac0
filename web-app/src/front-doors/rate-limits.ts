/** At most `count` in any window of `seconds`. Null: no limit. */
export type RateLimit = { count: number; seconds: number } | null;

/** Names as in `RATE_LIMITS` and docs/limits.md. */
export type RateLimitName = 'visitor-messages' | 'visitor-sessions' | 'visitor-address' | 'sign-in';

export type RateLimits = Record<RateLimitName, RateLimit>;

export const DEFAULT_RATE_LIMITS: RateLimits = {
  /** Messages of one visitor. */
  'visitor-messages': { count: 20, seconds: 10 },
  /** Beginnings (`/visitor-session`, `notice`) of one visitor. */
  'visitor-sessions': { count: 10, seconds: 60 },
  /** Beginnings and WoLive calls of all visitors behind one address. */
  'visitor-address': { count: 120, seconds: 60 },
  /** Failed sign-ins for one name and address; then it is locked for the same time. */
  'sign-in': { count: 10, seconds: 900 },
};

/** What a take left: `allowed`, what remains of the window, and when it ends. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  retryAfterSeconds: number;
}

/** Windows kept at most; the oldest are forgotten first, in favour of whoever they counted. */
const MAX_WINDOWS = 100_000;

/**
 * Fixed windows in memory, of this process alone: several processes allow as many times as much, which is enough
 * against floods and needs no shared store.
 */
export class RateLimiter {
  readonly #limits: Partial<RateLimits>;
  readonly #now: () => number;
  readonly #windows = new Map<string, { used: number; endsAt: number }>();

  constructor(limits: Partial<RateLimits>, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Counts one use by `key`. Null when this name has no limit. */
  take(name: RateLimitName, key: string): Allowance | null {
    const limit = this.#limits[name];
    if (!limit) return null;
    const now = this.#now();
    const id = `${name} ${key}`;
    let window = this.#windows.get(id);
    if (!window || window.endsAt <= now) {
      this.#windows.delete(id);
      window = { used: 0, endsAt: now + limit.seconds * 1000 };
      this.#makeRoom(now);
      this.#windows.set(id, window);
    }
    window.used += 1;
    return {
      allowed: window.used <= limit.count,
      limit: limit.count,
      remaining: Math.max(0, limit.count - window.used),
      retryAfterSeconds: Math.max(1, Math.ceil((window.endsAt - now) / 1000)),
    };
  }

  #makeRoom(now: number): void {
    if (this.#windows.size < MAX_WINDOWS) return;
    for (const [id, window] of this.#windows) if (window.endsAt <= now) this.#windows.delete(id);
    for (const id of this.#windows.keys()) {
      if (this.#windows.size < MAX_WINDOWS) break;
      this.#windows.delete(id);
    }
  }
}
