/** Something that is told when its time has come, unless it was taken back before. */
interface Due {
  readonly at: number;
  readonly run: () => void;
}

/**
 * What waits for the webhook delay. Every entry waits equally long, so the order of insertion is the order of time and
 * one timer is enough.
 */
export class DueFacts {
  readonly #delayMs: number;
  readonly #waiting = new Map<string, Due>();
  #timer: NodeJS.Timeout | null = null;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  /** Runs `run` after the delay, at once when the delay is 0. */
  put(key: string, run: () => void): void {
    if (this.#delayMs === 0) {
      run();
      return;
    }
    this.#waiting.delete(key);
    this.#waiting.set(key, { at: performance.now() + this.#delayMs, run });
    this.#arm();
  }

  /** Takes an entry back; nothing happens when it is not waiting. */
  cancel(key: string): void {
    this.#waiting.delete(key);
  }

  /** Runs everything that still waits, in order. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#runUntil(Infinity);
  }

  #arm(): void {
    if (this.#timer !== null) return;
    const next = this.#waiting.values().next();
    if (next.done === true) return;
    // A timer may fire a millisecond early; rounding up keeps it from being armed twice for one entry.
    this.#timer = setTimeout(() => this.#ripen(), Math.ceil(Math.max(next.value.at - performance.now(), 0)) + 1);
    this.#timer.unref();
  }

  #ripen(): void {
    this.#timer = null;
    this.#runUntil(performance.now());
    this.#arm();
  }

  #runUntil(now: number): void {
    for (const [key, due] of this.#waiting) {
      if (due.at > now) return;
      this.#waiting.delete(key);
      due.run();
    }
  }
}
