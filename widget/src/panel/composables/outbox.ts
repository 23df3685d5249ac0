import { shallowRef } from 'vue';
import type { ApiFile, ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ApiFailure, isTransient } from '../api/http.ts';
import type { Pause } from '../pause.ts';
import type { PendingMessage, SentBody } from '../timeline/rows.ts';

export interface OutboxDeps {
  /** Resolves with the stored message; null when closed meanwhile. */
  send: (message: PendingMessage) => Promise<ApiMessage | null>;
  pause: Pause;
  /** What must outlive a reload, and what need not any more. */
  keep: (message: PendingMessage) => void;
  drop: (clientId: string) => void;
  /** Brings a message's file to the server; `uploaded` or `uploadFailed` follows. */
  upload: (message: PendingMessage) => void;
  cancelUpload: (clientId: string) => void;
  stored: (message: ApiMessage) => void;
  /** The server does not know our token. */
  renew: () => Promise<void>;
  /** Of what is known of the conversation. */
  newestSeq: () => number;
}

/** Of the messages that wait, so many outlive a reload. */
const MAX_KEPT = 100;
/** After this long on its way a message says so. */
const SLOW_MS = 8000;

/** Of one file; the server's limit. */
const MAX_FILE_BYTES = 18 * 1024 * 1024;

/**
 * The visitor's messages that no server has acknowledged, sent one after another in the order they were written; what
 * waits for its file lets others pass, and keeps its place.
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

  /** @param file what is to be uploaded first; null when there is nothing */
  add(body: SentBody, file: Blob | null, now: Date): void {
    const message: PendingMessage = {
      clientId: newClientId(),
      body,
      file,
      at: now.getTime(),
      afterSeq: this.#deps.newestSeq(),
      state: beginning(file),
    };
    this.pending.value = [...this.pending.value, message];
    if (this.pending.value.length <= MAX_KEPT) this.#deps.keep(message);
    this.#begin(message);
  }

  /** Sends what waits. */
  start(): void {
    if (!this.#running) void this.#run();
  }

  retry(clientId: string): void {
    const message = this.pending.value.find((one) => one.clientId === clientId);
    if (message?.state.kind !== 'failed') return;
    const state = beginning(message.file);
    this.#change(clientId, { state });
    this.#begin({ ...message, state });
  }

  progress(clientId: string, share: number): void {
    this.#change(clientId, { state: { kind: 'uploading', share } });
  }

  /** What looks like an image here may be none to the server: then it goes as a file. */
  uploaded(clientId: string, { key, name, size, width, height }: ApiFile): void {
    const before = this.pending.value.find((message) => message.clientId === clientId)?.body;
    if (before?.type !== 'image' && before?.type !== 'file' && before?.type !== 'voice') return;
    const content = { ...before.content, key, name, size };
    const body: SentBody =
      before.type === 'image' && (width === null || height === null)
        ? { type: 'file', content }
        : ({ ...before, content } as SentBody);
    this.#change(clientId, { body, file: null, state: sending });
    this.start();
  }

  uploadFailed(clientId: string, code: string): void {
    this.#change(clientId, { state: { kind: 'failed', code } });
    this.start();
  }

  discard(clientId: string): void {
    this.pending.value = this.pending.value.filter((message) => message.clientId !== clientId);
    this.#deps.cancelUpload(clientId);
    this.#deps.drop(clientId);
    this.start();
  }

  #begin(message: PendingMessage): void {
    if (message.state.kind === 'uploading') this.#deps.upload(message);
    else this.start();
  }

  /** It ends in the very moment in which nothing is left: what comes a moment later starts it again. */
  async #run(): Promise<void> {
    this.#running = true;
    for (let attempt = 0; !this.#deps.pause.closed;) {
      const message = this.#next();
      if (!message) break;
      const slow = setTimeout(
        () => this.#change(message.clientId, { state: { kind: 'sending', slow: true } }),
        SLOW_MS,
      );
      try {
        const stored = await this.#deps.send(message);
        if (stored === null) break;
        this.#deps.stored(stored);
        this.#follow(message.clientId, stored.seq);
        this.discard(message.clientId);
        attempt = 0;
      } catch (error) {
        attempt = await this.#failed(message, error, attempt);
      } finally {
        clearTimeout(slow);
      }
    }
    this.#running = false;
  }

  /** Words wait for nothing; files that were chosen together arrive in the order of choosing. */
  #next(): PendingMessage | undefined {
    const { value } = this.pending;
    const upload = value.findIndex(({ state }) => state.kind === 'uploading');
    return value.find(
      ({ state, body }, place) => state.kind === 'sending' && (body.type === 'text' || upload === -1 || place < upload),
    );
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

  /** What was written after a message that is stored now keeps its place after it. */
  #follow(clientId: string, seq: number): void {
    const { value } = this.pending;
    const from = value.findIndex((message) => message.clientId === clientId);
    this.pending.value = value.map((message, index) => (index > from ? { ...message, afterSeq: seq } : message));
  }

  #change(clientId: string, change: Partial<PendingMessage>): void {
    this.pending.value = this.pending.value.map((message) =>
      message.clientId === clientId ? { ...message, ...change } : message,
    );
  }
}

const sending = { kind: 'sending', slow: false } as const;

function beginning(file: Blob | null): PendingMessage['state'] {
  if (file === null) return sending;
  if (file.size === 0) return { kind: 'failed', code: 'empty_file' };
  return file.size > MAX_FILE_BYTES ? { kind: 'failed', code: 'too_large' } : { kind: 'uploading', share: 0 };
}

/** 128 random bits; `randomUUID` is missing on pages without TLS. */
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
