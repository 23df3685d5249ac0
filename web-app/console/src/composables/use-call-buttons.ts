import { computed, type ComputedRef } from 'vue';

export type CallKind = 'audio' | 'video';

/** What a conversation's header offers. */
export interface CallButtons {
  /** The kinds of call that can be begun now; empty: no buttons (switched off, not one's own, or a call is going on). */
  readonly kinds: ComputedRef<CallKind[]>;
  /** Calls the visitor; what comes of it is seen in `CallBar`. */
  start(kind: CallKind): void;
}

/** For whatever shows a conversation. `conversationId` is asked anew each time. */
export function useCallButtons(_conversationId: () => number): CallButtons {
  return { kinds: computed(() => []), start: () => undefined };
}
