import { packetsOf, type Packet, type Signal } from './signals.ts';

/**
 * The server drops client events beyond ten a second of a connection, silently for the other side; typing needs some
 * of them.
 */
const APART_MS = 150;

/** Sends a call's signals in order, no faster than the server takes them. Candidates that wait go together. */
export class SignalSender {
  readonly #room: string;
  readonly #send: (packet: Packet) => void;
  readonly #waiting: (Signal | Packet)[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sent = 0;

  constructor(room: string, send: (packet: Packet) => void) {
    this.#room = room;
    this.#send = send;
  }

  send(signal: Signal): void {
    const last = this.#waiting.at(-1);
    if ('candidates' in signal && last !== undefined && 'candidates' in last) {
      last.candidates.push(...signal.candidates);
    } else {
      this.#waiting.push('candidates' in signal ? { candidates: [...signal.candidates] } : signal);
    }
    // Candidates come in a rush: the first waits for the others.
    this.#timer ??= setTimeout(() => this.#next(), 'candidates' in signal ? APART_MS : 0);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#timer = null;
      return;
    }
    this.#timer = setTimeout(() => this.#next(), APART_MS);
    if ('room' in next) return this.#send(next);
    this.#sent += 1;
    const [first, ...rest] = packetsOf(this.#room, next, String(this.#sent));
    this.#waiting.unshift(...rest);
    if (first !== undefined) this.#send(first);
  }
}
