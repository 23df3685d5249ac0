/** A name at an address is locked after so many failures within so long, for so long (spec wolive, Agents). */
export interface SignInLimit {
  count: number;
  seconds: number;
}

/** Names and addresses remembered at most; beyond it the oldest are forgotten. */
const MAX_REMEMBERED = 50_000;

interface Failures {
  count: number;
  /** When the window ends; once locked, when the lock ends. */
  until: number;
}

/** Counts failed sign-ins in the memory of this process. */
export class SignInThrottle {
  readonly #limit: SignInLimit | null;
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  /** Null: no limit. */
  constructor(limit: SignInLimit | null, now: () => number = Date.now) {
    this.#limit = limit;
    this.#now = now;
  }

  isLocked(userName: string, address: string): boolean {
    const failures = this.#current(keyOf(userName, address));
    return this.#limit !== null && failures !== null && failures.count >= this.#limit.count;
  }

  failed(userName: string, address: string): void {
    if (this.#limit === null) return;
    const key = keyOf(userName, address);
    const lastsUntil = this.#now() + this.#limit.seconds * 1000;
    const failures = this.#current(key) ?? { count: 0, until: lastsUntil };
    failures.count += 1;
    // The lock lasts its full time from the failure that set it; tries while locked do not prolong it.
    if (failures.count === this.#limit.count) failures.until = lastsUntil;
    this.#failures.delete(key);
    this.#failures.set(key, failures);
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= MAX_REMEMBERED) break;
      this.#failures.delete(oldest);
    }
  }

  succeeded(userName: string, address: string): void {
    this.#failures.delete(keyOf(userName, address));
  }

  #current(key: string): Failures | null {
    const failures = this.#failures.get(key);
    if (!failures) return null;
    if (failures.until > this.#now()) return failures;
    this.#failures.delete(key);
    return null;
  }
}

function keyOf(userName: string, address: string): string {
  return JSON.stringify([userName.toLowerCase(), address]);
}
