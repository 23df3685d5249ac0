import { ALIVE_LINE, MAX_STREAM_LENGTH } from '../protocol/fallback-frames.ts';
import type { FallbackReceiver } from '../transport/fallback-receiver.ts';

/** One response of a fallback session, with what went into it so far. */
export class FallbackResponse {
  readonly receiver: FallbackReceiver;
  #length = 0;
  #unread = 0;

  constructor(receiver: FallbackReceiver) {
    this.receiver = receiver;
  }

  /** Characters so far. */
  get length(): number {
    return this.#length;
  }

  /** Characters that still fit. */
  get room(): number {
    return MAX_STREAM_LENGTH - this.#length;
  }

  /** Whatever else is written would be lost: the client leaves such a response and asks for the next one. */
  get isFull(): boolean {
    return this.room < 0;
  }

  /** Bytes that wait for the client to read them, at most. */
  get unread(): number {
    return this.#unread;
  }

  /** Counts a line that is about to be written. */
  add(line: string): string {
    this.#length += line.length;
    return line;
  }

  /** Only while nothing is unread, so that what the vendor holds stays within one response. */
  write(text: string): void {
    if (!this.receiver.write(text)) this.#unread = Buffer.byteLength(text);
  }

  /** The client reads again: makes the vendor go on, and answers whether all that it held is out. */
  drain(): boolean {
    if (!this.receiver.write(this.add(ALIVE_LINE))) return false;
    this.#unread = 0;
    return true;
  }
}
