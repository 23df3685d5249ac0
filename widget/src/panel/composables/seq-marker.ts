import { shallowRef } from 'vue';
import { persist, type Pause } from '../pause.ts';

/** How far the visitor has read (or got) what was said, here and at the server. Never moves back. */
export class SeqMarker {
  readonly seq = shallowRef(0);
  readonly #pause: Pause;
  readonly #call: (conversation: number, seq: number) => Promise<unknown>;
  #told = 0;
  #telling = false;

  constructor(pause: Pause, call: (conversation: number, seq: number) => Promise<unknown>) {
    this.#pause = pause;
    this.#call = call;
  }

  /** Another conversation begins. */
  reset(): void {
    this.seq.value = 0;
    this.#told = 0;
  }

  /** What the server, or another tab through it, says. */
  heard(seq: number): void {
    this.#told = Math.max(this.#told, seq);
    this.seq.value = Math.max(this.seq.value, seq);
  }

  /** The visitor has everything up to `seq`. */
  mark(conversation: number, seq: number): void {
    this.seq.value = Math.max(this.seq.value, seq);
    if (this.seq.value > this.#told && !this.#telling) void this.#tell(conversation);
  }

  async #tell(conversation: number): Promise<void> {
    this.#telling = true;
    try {
      while (this.seq.value > this.#told && !this.#pause.closed) {
        const seq = this.seq.value;
        await persist(this.#pause, () => this.#call(conversation, seq));
        this.#told = Math.max(this.#told, seq);
      }
    } catch {
      // Refused for good, with the conversation: whoever sends or reads next finds out why and says so.
      this.#told = this.seq.value;
    } finally {
      this.#telling = false;
    }
  }
}
