import { errorFrame } from '../protocol/frames.ts';
import { CLOSE } from '../protocol/errors.ts';
import { closeLine, encodeFrame, framesLine, OPEN_LINE } from '../protocol/fallback-frames.ts';
import type { FallbackReceiver, ReceiverEvents } from '../transport/fallback-receiver.ts';
import type { FallbackMessage } from './fallback-wire.ts';

/** A client's response that is held here for a session in another process. */
interface Relay {
  readonly owner: string;
  readonly receiver: FallbackReceiver;
  /** When the owner was asked; `null` since it answered. */
  askedAt: number | null;
  /** The owner does not know the session, or does not answer. */
  readonly unknown: () => void;
  /** Bytes on their way to the client that the owner has not been told of. */
  untold: number;
}

/** An owner that has not answered in this time is taken for dead. */
const ATTACH_MS = 3_000;
/** How many bytes may pass before the owner is told. */
const TELL_EVERY_BYTES = 16 * 1024;
const MAX_RELAYS = 10_000;

/**
 * The responses that this process holds for sessions of others: what their owners write goes to the client. One that
 * ends other than by its owner is broken off, so that no client takes a stream with a hole for whole.
 */
export class FallbackRelays {
  readonly #tell: (node: string, message: FallbackMessage) => void;
  readonly #emptied: () => void;
  readonly #relays = new Map<number, Relay>();
  #lastRef = 0;
  #isLeaving = false;

  constructor(tell: (node: string, message: FallbackMessage) => void, emptied: () => void) {
    this.#tell = tell;
    this.#emptied = emptied;
  }

  get size(): number {
    return this.#relays.size;
  }

  isInUse(node: string): boolean {
    return [...this.#relays.values()].some(({ owner }) => owner === node);
  }

  /** Holds a response for a session of `owner`; `unknown` is called when that one does not have it. */
  attach(owner: string, session: string, receiver: FallbackReceiver, unknown: () => void): ReceiverEvents {
    if (this.#relays.size >= MAX_RELAYS) {
      receiver.finish(OVER_CAPACITY);
      return { writable: () => undefined, gone: () => undefined };
    }
    const ref = ++this.#lastRef;
    const relay: Relay = { owner, receiver, askedAt: performance.now(), unknown, untold: 0 };
    this.#relays.set(ref, relay);
    this.#tell(owner, { kind: 'attach', ref, session, mode: receiver.mode });
    if (this.#isLeaving) this.#tell(owner, { kind: 'release', ref });
    return {
      writable: () => this.#tellProgress(ref, relay, true),
      gone: () => {
        if (this.#delete(ref)) this.#tell(owner, { kind: 'gone', ref });
      },
    };
  }

  attached(node: string, ref: number): void {
    const relay = this.#find(node, ref);
    if (relay !== null) relay.askedAt = null;
  }

  /** The owner has no such session. */
  unknown(node: string, ref: number): void {
    const relay = this.#find(node, ref);
    if (relay === null) return;
    this.#delete(ref);
    relay.unknown();
  }

  write(node: string, ref: number, text: string): void {
    const relay = this.#find(node, ref);
    if (relay === null) return;
    relay.untold += Buffer.byteLength(text);
    const keepsUp = relay.receiver.write(text);
    if (keepsUp && relay.untold >= TELL_EVERY_BYTES) this.#tellProgress(ref, relay, false);
  }

  finish(node: string, ref: number, text: string): void {
    const relay = this.#find(node, ref);
    if (relay === null) return;
    relay.receiver.finish(text, this.#isLeaving);
    this.#delete(ref);
  }

  /** Something of what the node sent may not have come. */
  lost(node: string): void {
    for (const [ref, { owner, receiver }] of [...this.#relays]) {
      if (owner !== node) continue;
      this.#tell(owner, { kind: 'gone', ref });
      receiver.abort();
      this.#delete(ref);
    }
  }

  tick(now: number): void {
    for (const [ref, { owner, askedAt, unknown }] of [...this.#relays]) {
      if (askedAt === null || now - askedAt < ATTACH_MS) continue;
      this.#tell(owner, { kind: 'gone', ref });
      this.#delete(ref);
      unknown();
    }
  }

  /** This process is about to stop: the owners end the responses, and the clients ask again elsewhere. */
  leave(): void {
    this.#isLeaving = true;
    for (const [ref, { owner }] of this.#relays) this.#tell(owner, { kind: 'release', ref });
  }

  close(): void {
    for (const [ref, { owner, receiver }] of [...this.#relays]) {
      this.#tell(owner, { kind: 'gone', ref });
      receiver.abort();
      this.#delete(ref);
    }
  }

  #find(node: string, ref: number): Relay | null {
    const relay = this.#relays.get(ref);
    return relay?.owner === node ? relay : null;
  }

  #tellProgress(ref: number, relay: Relay, drained: boolean): void {
    this.#tell(relay.owner, { kind: 'progress', ref, bytes: relay.untold, drained });
    relay.untold = 0;
  }

  #delete(ref: number): boolean {
    const wasHeld = this.#relays.delete(ref);
    if (wasHeld && this.#relays.size === 0) this.#emptied();
    return wasHeld;
  }
}

/** The client stays away for a while, as after any refusal of the kind. */
const REFUSAL = { code: CLOSE.overCapacity, message: 'The server is over capacity' };
const OVER_CAPACITY =
  OPEN_LINE + framesLine([encodeFrame(errorFrame(REFUSAL))]) + closeLine(REFUSAL.code, REFUSAL.message);
