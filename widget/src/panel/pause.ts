import { isTransient, ApiFailure } from './api/http.ts';
import { retryDelay } from './retry-delay.ts';

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Waits that can be cut short: by `wake` when the network is back, by `close` for good. */
export class Pause {
  #closed = false;
  readonly #sleepers = new Set<() => void>();

  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves after `ms`, or earlier when woken or closed. */
  async sleep(ms: number): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#sleepers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#sleepers.add(done);
    });
  }

  /** Before repeat number `attempt` (0 = the first): longer each time, and as long as a limit asks for. */
  async beforeRetry(attempt: number, failure: unknown): Promise<void> {
    const asked = failure instanceof ApiFailure ? (failure.retryAfterMs ?? 0) : 0;
    await this.sleep(Math.max(asked, retryDelay(attempt, FIRST_MS, LONGEST_MS)));
  }

  wake(): void {
    for (const done of [...this.#sleepers]) done();
  }

  close(): void {
    this.#closed = true;
    this.wake();
  }
}

/**
 * Repeats `call` for as long as it fails in a way that may pass.
 * @returns null when closed meanwhile
 * @throws what will not pass
 */
export async function persist<Answer>(pause: Pause, call: () => Promise<Answer>): Promise<Answer | null> {
  for (let attempt = 0; !pause.closed; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await pause.beforeRetry(attempt, error);
    }
  }
  return null;
}
