import { ALIVE_LINE, closeLine, encodeFrame, HEARTBEAT_LINE, OPEN_LINE } from '../protocol/fallback-frames.ts';
import type { EncodedFrame } from '../protocol/fallback-frames.ts';
import type { FallbackReceiver, ReceiverEvents } from '../transport/fallback-receiver.ts';
import { FallbackOutbox } from './fallback-outbox.ts';
import { FallbackResponse } from './fallback-response.ts';
import type { FallbackSubscriber, FallbackTopics } from './fallback-topics.ts';

/** What a session tells its holder. */
export interface SessionEvents {
  /** The connection has ended, from whichever side: told once. */
  closed(): void;
  /** More is owed than may be; nothing is kept from now on. */
  overflowed(): void;
  /** Nothing is left to deliver, or nobody to deliver it to: told once, after `closed`. */
  finished(): void;
}

/** `ending`: closed, but the client has not been told yet. `finished`: nothing of it is left. */
type Phase =
  | { readonly kind: 'open' }
  | { readonly kind: 'ending'; readonly line: string; readonly since: number }
  | { readonly kind: 'finished' };

/** The last resort that a WebSocket has too; the sweep of slow readers acts long before. */
const MAX_OWED_BYTES = 16 * 1024 * 1024;
/** How long a session lives without a response to write to: its client asks again as soon as it has read the last. */
export const DETACHED_MS = 5_000;
/** The slowest network on which a whole response can be read before its session is given up. */
export const SLOWEST_CHARACTERS_PER_MS = 16;
/** A response that says nothing for longer may be cut by what is between. */
export const HEARTBEAT_MS = 25_000;
/** How long a client may take to fetch what was left for it when its session was closed. */
export const ENDING_MS = 60_000;

/**
 * One client of the HTTP fallback: a socket whose frames travel in the responses to requests that the client keeps
 * sending. Between two of them frames wait here.
 */
export class FallbackSession implements FallbackSubscriber {
  readonly #topics: FallbackTopics;
  readonly #events: SessionEvents;
  readonly #subscribed = new Set<string>();
  readonly #outbox = new FallbackOutbox();
  #phase: Phase = { kind: 'open' };
  #response: FallbackResponse | null = null;
  #opened = false;
  #owesSignOfLife = false;
  #overflowed = false;
  #flushScheduled = false;
  /** Of the response before the next: what the client may still be reading. */
  #lastLength = 0;
  /** When a response was last begun, written to, or left; on the clock of `performance.now()`. */
  #touchedAt = performance.now();

  constructor(topics: FallbackTopics, events: SessionEvents) {
    this.#topics = topics;
    this.#events = events;
  }

  get isOpen(): boolean {
    return this.#phase.kind === 'open';
  }

  send(frame: string): void {
    this.deliver(encodeFrame(frame));
  }

  /** A frame with a hole before it must not go out: once one was lost, the client gets what is here and the close. */
  deliver(frame: EncodedFrame): void {
    if (this.#overflowed || !this.isOpen) return;
    if (this.getBufferedAmount() + frame.bytes > MAX_OWED_BYTES) {
      this.#overflowed = true;
      this.#events.overflowed();
      return;
    }
    this.#outbox.push(frame);
    this.#scheduleFlush();
  }

  end(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#touchedAt = performance.now();
    this.#phase = { kind: 'ending', line: closeLine(code, reason), since: this.#touchedAt };
    this.#leaveTopics();
    this.#events.closed();
    this.flush();
  }

  subscribe(topic: string): void {
    this.#subscribed.add(topic);
    this.#topics.subscribe(topic, this);
  }

  unsubscribe(topic: string): void {
    this.#subscribed.delete(topic);
    this.#topics.unsubscribe(topic, this);
  }

  publish(topic: string, frame: string): void {
    this.#topics.publishToVendor(topic, frame);
  }

  getBufferedAmount(): number {
    return this.#outbox.bytes + (this.#response?.unread ?? 0);
  }

  /** The client has shown that it lives and waits for the same from here. */
  answerSignOfLife(): void {
    this.#owesSignOfLife = true;
    this.#scheduleFlush();
  }

  /** Takes the response to a new request; one that is still open is ended, for its client has asked again. SPEC.md T10. */
  attach(receiver: FallbackReceiver): ReceiverEvents {
    this.#response?.receiver.finish('');
    const response = new FallbackResponse(receiver);
    this.#response = response;
    this.#touchedAt = performance.now();
    // What is between may wait for the first bytes before it passes anything on.
    if (receiver.mode === 'streaming') this.#owesSignOfLife = true;
    return {
      writable: () => {
        if (this.#response !== response || !response.drain()) return;
        this.#touchedAt = performance.now();
        this.flush();
      },
      gone: () => {
        if (this.#response === response) this.#left(response);
      },
    };
  }

  /** Ends a response that cannot be held any longer where it is: its client asks again, and nothing is lost. */
  release(receiver: FallbackReceiver): void {
    const response = this.#response;
    if (response?.receiver !== receiver) return;
    this.#response = null;
    this.#lastLength = response.length;
    this.#touchedAt = performance.now();
    receiver.finish('');
  }

  /** Writes what waits, as far as the response takes it. */
  flush(): void {
    const response = this.#response;
    if (response === null || response.unread > 0 || response.isFull) return;
    const text = this.#takeLines(response);
    if (this.#phase.kind === 'ending' && this.#outbox.isEmpty && !response.isFull) {
      const last = text + this.#phase.line;
      this.#phase = { kind: 'finished' };
      this.#response = null;
      response.receiver.finish(last);
      this.#events.finished();
    } else if (text !== '') {
      this.#write(response, text);
    }
  }

  /** Does what time alone brings about; called about once a second. */
  tick(now: number): void {
    const response = this.#response;
    const idle = now - this.#touchedAt;
    const isDetached = response === null || (response.isFull && response.unread === 0);
    const patience = DETACHED_MS + (response?.length ?? this.#lastLength) / SLOWEST_CHARACTERS_PER_MS;
    const hasEndedLongAgo = this.#phase.kind === 'ending' && now - this.#phase.since > ENDING_MS;
    if (hasEndedLongAgo || (isDetached && idle > patience)) this.drop();
    else if (response !== null && !isDetached && response.unread === 0 && idle > HEARTBEAT_MS) {
      this.#write(response, response.add(HEARTBEAT_LINE));
    }
  }

  /** Gives the session up: there is nobody to deliver anything to. */
  drop(): void {
    if (this.#phase.kind === 'finished') return;
    const wasOpen = this.isOpen;
    this.#phase = { kind: 'finished' };
    this.#response?.receiver.finish('');
    this.#response = null;
    this.#outbox.clear();
    this.#leaveTopics();
    if (wasOpen) this.#events.closed();
    this.#events.finished();
  }

  /** A client that leaves a response which is not full does not come back to its session. SPEC.md T9. */
  #left(response: FallbackResponse): void {
    this.#response = null;
    this.#lastLength = response.length;
    this.#touchedAt = performance.now();
    if (!response.isFull) this.drop();
  }

  /** Many frames of one turn of the event loop go out in one write. */
  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#response === null) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      this.flush();
    });
  }

  /** Nothing follows a line that makes the response full: the client may leave before it has read on. */
  #takeLines(response: FallbackResponse): string {
    let text = this.#opened ? '' : response.add(OPEN_LINE);
    this.#opened = true;
    do text += response.add(this.#outbox.takeLine(response.room));
    while (response.receiver.mode === 'streaming' && !this.#outbox.isEmpty && !response.isFull);
    if (this.#owesSignOfLife && text === '') text = response.add(ALIVE_LINE);
    this.#owesSignOfLife = false;
    return text;
  }

  #write(response: FallbackResponse, text: string): void {
    this.#touchedAt = performance.now();
    if (response.receiver.mode === 'streaming') {
      response.write(text);
    } else {
      this.#response = null;
      this.#lastLength = response.length;
      response.receiver.finish(text);
    }
  }

  #leaveTopics(): void {
    for (const topic of this.#subscribed) this.#topics.unsubscribe(topic, this);
    this.#subscribed.clear();
  }
}
