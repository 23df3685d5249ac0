import { framesLine, lineLength, type EncodedFrame } from '../protocol/fallback-frames.ts';

/** Frames of one fallback session that no response has taken yet, in order. */
export class FallbackOutbox {
  #frames: EncodedFrame[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  push(frame: EncodedFrame): void {
    this.#frames.push(frame);
    this.#bytes += frame.bytes;
  }

  /** Takes out what fits into a line of `room` characters, one frame at least, as that line; `''` when nothing waits. */
  takeLine(room: number): string {
    let lengths = 0;
    let count = 0;
    for (const { text } of this.#frames) {
      if (count > 0 && lineLength(lengths + text.length, count + 1) > room) break;
      lengths += text.length;
      count += 1;
    }
    if (count === 0) return '';
    const taken = this.#frames.splice(0, count);
    for (const { bytes } of taken) this.#bytes -= bytes;
    return framesLine(taken);
  }

  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
  }
}
