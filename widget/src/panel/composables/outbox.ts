import { shallowRef } from 'vue';
import type { ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ApiFailure, isTransient } from '../api/http.ts';
import type { Pause } from '../pause.ts';
import type { PendingMessage } from '../timeline/rows.ts';

export interface OutboxDeps {
  /** Resolves with the stored message; null when closed meanwhile. */
  send: (message: PendingMessage) => Promise<ApiMessage | null>;
  pause: Pause;
  /** What must outlive a reload, and what need not any more. */
  keep: (message: PendingMessage) => void;
  drop: (clientId: string) => void;
  stored: (message: ApiMessage) => void;
  /** The server does not know our token. */
  renew: () => Promise<void>;
}

/** Of the messages that wait, so many outlive a reload. */
const MAX_KEPT = 100;
/** After this long on its way a message says so. */
const SLOW_MS = 8000;

/**
 * The visitor's messages that no server has acknowledged, sent one after another in the order they were written.
 * Each goes with the same `clientId` until it is stored, so a repeat is harmless: none is lost, none doubled.
 */
export class Outbox {
  readonly pending = shallowRef<readonly PendingMessage[]>([]);
  readonly #deps: OutboxDeps;
  #running = false;

  /** @param left what an earlier page did not get acknowledged */
  constructor(deps: OutboxDeps, left: readonly PendingMessage[]) {
    this.#deps = deps;
    this.pending.value = left;
  }

  add(text: string, now: Date): void {
    const message = { clientId: newClientId(), text, at: now.getTime(), state: sending };
    this.pending.value = [...this.pending.value, message];
    if (this.pending.value.length <= MAX_KEPT) this.#deps.keep(message);
    this.start();
  }

  /** Sends what waits. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run().finally(() => (this.#running = false));
  }

  retry(clientId: string): void {
    this.#change(clientId, { state: sending });
    this.start();
  }

  discard(clientId: string): void {
    this.pending.value = this.pending.value.filter((message) => message.clientId !== clientId);
    this.#deps.drop(clientId);
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#deps.pause.closed;) {
      const message = this.pending.value.find(({ state }) => state.kind === 'sending');
      if (!message) return;
      const slow = setTimeout(
        () => this.#change(message.clientId, { state: { kind: 'sending', slow: true } }),
        SLOW_MS,
      );
      try {
        const stored = await this.#deps.send(message);
        if (stored === null) return;
        this.#deps.stored(stored);
        this.discard(message.clientId);
        attempt = 0;
      } catch (error) {
        attempt = await this.#failed(message, error, attempt);
      } finally {
        clearTimeout(slow);
      }
    }
  }

  /** @returns the number of the next attempt */
  async #failed({ clientId }: PendingMessage, error: unknown, attempt: number): Promise<number> {
    const code = error instanceof ApiFailure ? error.code : 'unknown';
    const unknownToken = error instanceof ApiFailure && error.status === 401 && attempt < 3;
    if (!unknownToken && !isTransient(error)) {
      this.#change(clientId, { state: { kind: 'failed', code } });
      return 0;
    }
    if (attempt > 1) this.#change(clientId, { state: { kind: 'sending', slow: true } });
    if (unknownToken) await this.#deps.renew();
    await this.#deps.pause.beforeRetry(attempt, error);
    return attempt + 1;
  }

  #change(clientId: string, change: Pick<PendingMessage, 'state'>): void {
    this.pending.value = this.pending.value.map((message) =>
      message.clientId === clientId ? { ...message, ...change } : message,
    );
  }
}

const sending = { kind: 'sending', slow: false } as const;

/** 128 random bits; `randomUUID` is missing on pages without TLS. */
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
