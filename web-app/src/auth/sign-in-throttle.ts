/** A name at an address is locked after so many failures within so long, for so long (spec wolive, Agents). */
export interface SignInLimit {
  count: number;
  seconds: number;
}

/** Names and addresses remembered at most; beyond it the oldest are forgotten. */
const MAX_REMEMBERED = 50_000;

interface Tries {
  /** Those that failed and those that are being looked at. */
  count: number;
  /** When the window ends; once locked, when the lock ends. */
  until: number;
}

/**
 * Counts failed sign-ins in the memory of this process. A try counts from its beginning: a thousand at once, each of
 * which finds none that has failed yet, would be a thousand guesses.
 */
export class SignInThrottle {
  readonly #limit: SignInLimit | null;
  readonly #now: () => number;
  readonly #tries = new Map<string, Tries>();

  /** Null: no limit. */
  constructor(limit: SignInLimit | null, now: () => number = Date.now) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Whether a sign-in may be tried now; it counts as failed unless `succeeded` or `undo` says otherwise. */
  begin(userName: string, address: string): boolean {
    if (this.#limit === null) return true;
    const key = keyOf(userName, address);
    const lastsUntil = this.#now() + this.#limit.seconds * 1000;
    const tries = this.#current(key) ?? { count: 0, until: lastsUntil };
    if (tries.count >= this.#limit.count) return false;
    tries.count += 1;
    // The lock lasts its full time from the try that set it; those that are refused do not prolong it.
    if (tries.count === this.#limit.count) tries.until = lastsUntil;
    this.#remember(key, tries);
    return true;
  }

  succeeded(userName: string, address: string): void {
    this.#tries.delete(keyOf(userName, address));
  }

  /** The try came to nothing for a reason of ours: it was no guess. */
  undo(userName: string, address: string): void {
    const tries = this.#current(keyOf(userName, address));
    if (tries) tries.count -= 1;
  }

  #remember(key: string, tries: Tries): void {
    this.#tries.delete(key);
    this.#tries.set(key, tries);
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= MAX_REMEMBERED) break;
      this.#tries.delete(oldest);
    }
  }

  #current(key: string): Tries | null {
    const tries = this.#tries.get(key);
    if (!tries) return null;
    if (tries.until > this.#now()) return tries;
    this.#tries.delete(key);
    return null;
  }
}

function keyOf(userName: string, address: string): string {
  return JSON.stringify([userName.toLowerCase(), address]);
}
