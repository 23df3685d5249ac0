import { computed, type ComputedRef } from 'vue';
import type { CallKind } from '../../../../widget/src/calls/call-types.ts';
import { useCalls } from './calls.ts';
import { useWorkspace } from './workspace-context.ts';

/** What a conversation's header offers. */
export interface CallButtons {
  /**
   * The kinds of call that can be begun now; empty: no buttons (switched off, not one's own, nobody there, or a call is
   * going on).
   */
  readonly kinds: ComputedRef<CallKind[]>;
  /** Calls the visitor; what comes of it is seen in `CallBar`. */
  start(kind: CallKind): void;
}

/** For whatever shows a conversation. `conversationId` is asked anew each time. */
export function useCallButtons(conversationId: () => number): CallButtons {
  const workspace = useWorkspace();
  const { line, view } = useCalls();
  const customer = computed(() => {
    const row = workspace.conversation(conversationId());
    const isOwn = row?.state === 'open' && row.agent?.id === workspace.own.me.value.id;
    return isOwn && row.customer.online ? row.customer : null;
  });
  return {
    kinds: computed(() => {
      const isFree = view.value === null || view.value.phase === 'over';
      if (customer.value === null || !isFree || !('RTCPeerConnection' in window)) return [];
      const features = workspace.features.value;
      return (['audio', 'video'] as const).filter((kind) => features?.[kind] === true);
    }),
    start(kind) {
      if (customer.value === null) return;
      const { name, avatar } = customer.value;
      void line.start(conversationId(), kind, { name, avatar });
    },
  };
}
