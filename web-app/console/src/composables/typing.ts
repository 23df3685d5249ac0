import { shallowReactive } from 'vue';
import { createTimers } from '../api/timers.ts';

/** While somebody types, it is said again this often. */
const SAY_EVERY_MS = 3000;
/** Somebody who pauses so long has stopped. */
const PAUSED_MS = 5000;
/** What was heard of the other side holds this long: the word that it ended may be lost. */
const HOLDS_MS = 6000;

export interface TypingTeller {
  /** A key was pressed. @param empty nothing stands in the box any more */
  pressed(empty: boolean): void;
  /** Nothing more is being written: it was sent, or given up. */
  stop(): void;
}

/** Tells the other side that the agent types: at once, then rarely, and when it is over. No text is told. */
export function createTypingTeller(say: (typing: boolean) => void): TypingTeller {
  let saidAt: number | null = null;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(pause);
    if (saidAt === null) return;
    saidAt = null;
    say(false);
  }

  return {
    pressed(empty) {
      if (empty) return stop();
      clearTimeout(pause);
      pause = setTimeout(stop, PAUSED_MS);
      const now = performance.now();
      if (saidAt !== null && now - saidAt < SAY_EVERY_MS) return;
      saidAt = now;
      say(true);
    },
    stop,
  };
}

export interface HeardTyping {
  isTyping(conversationId: number): boolean;
  heard(conversationId: number, typing: boolean): void;
  close(): void;
}

/** In which conversations the customer writes, as far as one has heard lately. */
export function createHeardTyping(): HeardTyping {
  const typing = shallowReactive(new Map<number, () => void>());
  const timers = createTimers();
  return {
    isTyping: (conversationId) => typing.has(conversationId),
    heard(conversationId, now) {
      typing.get(conversationId)?.();
      typing.delete(conversationId);
      if (now)
        typing.set(
          conversationId,
          timers.later(HOLDS_MS, () => typing.delete(conversationId)),
        );
    },
    close: () => timers.close(),
  };
}
