import { DomainError } from '../domain/errors.ts';

/** At most `count` in any window of `seconds`. Null: no limit. */
type RateLimit = { count: number; seconds: number } | null;

/** Names as in `RATE_LIMITS` and docs/limits.md. */
export type RateLimitName =
  | 'visitor-messages'
  | 'visitor-sessions'
  | 'visitor-address'
  | 'leave-messages'
  | 'uploads'
  | 'searches'
  | 'calls'
  | 'install'
  | 'sign-in';

export type RateLimits = Record<RateLimitName, RateLimit>;

const DEFAULT_RATE_LIMITS: RateLimits = {
  /** Messages of one visitor. */
  'visitor-messages': { count: 20, seconds: 10 },
  /** Beginnings (`/visitor-session`, `notice`) of one visitor. */
  'visitor-sessions': { count: 10, seconds: 60 },
  /** Beginnings and WoLive calls of all visitors behind one address. */
  'visitor-address': { count: 120, seconds: 60 },
  /** Messages left by all visitors behind one address. */
  'leave-messages': { count: 10, seconds: 600 },
  /** Files sent up by all visitors behind one address. */
  uploads: { count: 60, seconds: 600 },
  /** Questions searched by all visitors behind one address, as they type. */
  searches: { count: 240, seconds: 60 },
  /** Calls that one visitor or agent begins. */
  calls: { count: 10, seconds: 60 },
  /** Codes for the installation tried from one address. */
  install: { count: 10, seconds: 900 },
  /** Failed sign-ins for one name and address; then it is locked for the same time. */
  'sign-in': { count: 10, seconds: 900 },
};

/** `RATE_LIMITS` as it was read: off, or single limits changed. */
export type RateLimitSetting = { kind: 'off' } | { kind: 'on'; overrides: Record<string, RateLimit> };

export function rateLimitsInForce(setting: RateLimitSetting): Partial<RateLimits> {
  return setting.kind === 'off' ? {} : { ...DEFAULT_RATE_LIMITS, ...setting.overrides };
}

/** Too many calls; the same may be repeated after `retryAfterSeconds`. */
export class RateLimited extends DomainError {
  readonly limit: number;
  readonly retryAfterSeconds: number;

  constructor(limit: { count: number; seconds: number }, retryAfterSeconds: number) {
    super(
      'rate_limited',
      `At most ${limit.count} in ${limit.seconds} seconds are taken here; try again in ${retryAfterSeconds} seconds`,
    );
    this.limit = limit.count;
    this.retryAfterSeconds = retryAfterSeconds;
  }
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

  /** Counts one use by `key`. @throws RateLimited when that was one too many */
  take(name: RateLimitName, key: string | number): void {
    const limit = this.#limits[name];
    if (!limit) return;
    const now = this.#now();
    const window = this.#windowOf(`${name} ${key}`, now, limit.seconds);
    window.used += 1;
    if (window.used > limit.count) throw new RateLimited(limit, Math.max(1, Math.ceil((window.endsAt - now) / 1000)));
  }

  #windowOf(id: string, now: number, seconds: number): { used: number; endsAt: number } {
    const running = this.#windows.get(id);
    if (running && running.endsAt > now) return running;
    this.#windows.delete(id);
    this.#makeRoom(now);
    const window = { used: 0, endsAt: now + seconds * 1000 };
    this.#windows.set(id, window);
    return window;
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
