import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** While somebody types, it is said again this often. */
const SAY_EVERY_MS = 3000;
/** Somebody who pauses so long has stopped. */
const PAUSED_MS = 5000;
/** What was heard of the other side's typing holds this long: the word that it ended may be lost. */
const HOLDS_MS = 6000;

/** Tells the other side that the visitor types: at once, then rarely, and when it is over. No text is told. */
export class TypingTeller {
  readonly #say: (typing: boolean) => void;
  #saidAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (typing: boolean) => void) {
    this.#say = say;
  }

  /** A key was pressed. @param empty nothing stands in the box any more */
  pressed(empty: boolean, now: number): void {
    clearTimeout(this.#timer);
    if (empty) return this.stop();
    this.#timer = setTimeout(() => this.stop(), PAUSED_MS);
    if (now - this.#saidAt < SAY_EVERY_MS) return;
    this.#saidAt = now;
    this.#say(true);
  }

  /** Nothing more is being written: it was sent, or given up. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.#saidAt === Number.NEGATIVE_INFINITY) return;
    this.#saidAt = Number.NEGATIVE_INFINITY;
    this.#say(false);
  }
}

/** Whether the other side types, as far as one has heard lately. */
export function useHeardTyping(): { typing: ShallowRef<boolean>; heard: (typing: boolean) => void } {
  const typing = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = (now: boolean) => {
    clearTimeout(timer);
    typing.value = now;
    if (now) timer = setTimeout(() => (typing.value = false), HOLDS_MS);
  };
  onScopeDispose(() => clearTimeout(timer));
  return { typing, heard };
}
