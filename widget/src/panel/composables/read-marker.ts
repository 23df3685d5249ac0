import { shallowRef } from 'vue';
import type { VisitorApi } from '../api/visitor-api.ts';
import { persist, type Pause } from '../pause.ts';

/** How far the visitor has read, here and at the server. Never moves back. */
export class ReadMarker {
  readonly seq = shallowRef(0);
  readonly #api: VisitorApi;
  readonly #pause: Pause;
  #told = 0;
  #telling = false;

  constructor(api: VisitorApi, pause: Pause) {
    this.#api = api;
    this.#pause = pause;
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

  /** The visitor has seen everything up to `seq`. */
  mark(conversation: number, seq: number): void {
    this.seq.value = Math.max(this.seq.value, seq);
    if (this.seq.value > this.#told && !this.#telling) void this.#tell(conversation);
  }

  async #tell(conversation: number): Promise<void> {
    this.#telling = true;
    try {
      while (this.seq.value > this.#told && !this.#pause.closed) {
        const seq = this.seq.value;
        await persist(this.#pause, () => this.#api.markRead(conversation, seq));
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
