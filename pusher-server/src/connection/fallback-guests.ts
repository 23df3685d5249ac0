import type { FallbackReceiver, ReceiverEvents } from '../transport/fallback-receiver.ts';
import type { FallbackSession } from './fallback-session.ts';
import type { FallbackMessage } from './fallback-wire.ts';

/** What may be on its way to another process and to its client before the session waits. */
const WINDOW_BYTES = 64 * 1024;

/** Sends to a node; answers the number that the message has there. */
type Tell = (node: string, message: FallbackMessage) => number;

/** A response that was ended while it was not yet known that its last lines came to the process that holds it. */
interface Finished {
  readonly ref: number;
  /** Of the last message. */
  readonly number: number;
  readonly hadText: boolean;
  readonly session: FallbackSession;
}

/**
 * The responses that other processes hold for the sessions of this one. A session writes into them as into any other;
 * one of which something was lost ends its session, because what is lost cannot be sent again.
 */
export class FallbackGuests {
  readonly #tell: Tell;
  /** By node, then by its number for the response. */
  readonly #guests = new Map<string, Map<number, Guest>>();
  /** By node, in order. */
  readonly #finished = new Map<string, Finished[]>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  isInUse(node: string): boolean {
    return this.#guests.has(node) || this.#finished.has(node);
  }

  /** Another process holds a response for a session of this one. */
  attach(node: string, ref: number, mode: FallbackReceiver['mode'], session: FallbackSession): void {
    this.#tell(node, { kind: 'attached', ref });
    const guest = new Guest(mode, {
      write: (text) => void this.#tell(node, { kind: 'write', ref, text }),
      finish: (text) => this.#finish(node, ref, text, session),
    });
    const guests = this.#guests.get(node) ?? new Map<number, Guest>();
    this.#guests.set(node, guests.set(ref, guest));
    guest.events = session.attach(guest);
    guest.session = session;
  }

  progress(node: string, ref: number, bytes: number, drained: boolean): void {
    this.#find(node, ref)?.progress(bytes, drained);
  }

  /** The client has left the response. */
  gone(node: string, ref: number): void {
    const guest = this.#find(node, ref);
    if (guest !== null) {
      this.#delete(node, ref);
      guest.events?.gone();
      return;
    }
    // It left before the last lines came.
    const finished = this.#finished.get(node)?.find((one) => one.ref === ref);
    if (finished?.hadText === true) finished.session.drop();
  }

  /** The process that holds the response is about to stop. */
  release(node: string, ref: number): void {
    const guest = this.#find(node, ref);
    if (guest !== null) guest.session?.release(guest);
  }

  /** The node has heard all up to this number. */
  confirmed(node: string, number: number): void {
    const left = (this.#finished.get(node) ?? []).filter((one) => one.number > number);
    if (left.length > 0) this.#finished.set(node, left);
    else this.#finished.delete(node);
  }

  /** Something that was sent to the node may not have come. */
  lost(node: string): void {
    const sessions = new Set([...(this.#finished.get(node) ?? [])].map(({ session }) => session));
    for (const { session } of this.#guests.get(node)?.values() ?? []) if (session !== null) sessions.add(session);
    for (const session of sessions) session.drop();
    this.#guests.delete(node);
    this.#finished.delete(node);
  }

  #finish(node: string, ref: number, text: string, session: FallbackSession): void {
    this.#delete(node, ref);
    const number = this.#tell(node, { kind: 'finish', ref, text });
    const finished = this.#finished.get(node) ?? [];
    finished.push({ ref, number, hadText: text !== '', session });
    this.#finished.set(node, finished);
  }

  #find(node: string, ref: number): Guest | null {
    return this.#guests.get(node)?.get(ref) ?? null;
  }

  #delete(node: string, ref: number): void {
    const guests = this.#guests.get(node);
    guests?.delete(ref);
    if (guests?.size === 0) this.#guests.delete(node);
  }
}

/** One response in another process. */
class Guest implements FallbackReceiver {
  readonly mode: FallbackReceiver['mode'];
  readonly #to: { readonly write: (text: string) => void; readonly finish: (text: string) => void };
  /** Set once the session has it. */
  events: ReceiverEvents | null = null;
  session: FallbackSession | null = null;
  #onTheWay = 0;
  #isBlocked = false;

  constructor(
    mode: FallbackReceiver['mode'],
    to: { readonly write: (text: string) => void; readonly finish: (text: string) => void },
  ) {
    this.mode = mode;
    this.#to = to;
  }

  write(text: string): boolean {
    this.#onTheWay += Buffer.byteLength(text);
    this.#to.write(text);
    this.#isBlocked ||= this.#onTheWay > WINDOW_BYTES;
    return !this.#isBlocked;
  }

  finish(text: string): void {
    this.#to.finish(text);
  }

  /** A session that is given up finishes its response; nobody breaks one off from here. */
  abort(): void {
    this.#to.finish('');
  }

  progress(bytes: number, drained: boolean): void {
    this.#onTheWay -= bytes;
    const isOpenAgain = this.#isBlocked && this.#onTheWay < WINDOW_BYTES / 2;
    if (isOpenAgain) this.#isBlocked = false;
    // Where the client has caught up, something has to be written for the vendor to go on.
    if (isOpenAgain || (drained && !this.#isBlocked)) this.events?.writable();
  }
}
