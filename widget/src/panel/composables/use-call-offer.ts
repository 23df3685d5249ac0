import { computed, type ComputedRef } from 'vue';
import type { CallKind } from '../../calls/call-types.ts';
import type { Chat } from './chat.ts';

/** The kinds of call that the visitor may begin now: switched on, and somebody is there to answer. */
export function useCallOffer({ business, session, agent }: Chat): ComputedRef<CallKind[]> {
  return computed(() => {
    const isServed = session.value.kind === 'ready' && session.value.answer.conversation?.state === 'open';
    if (!isServed || agent.value?.online !== true || !('RTCPeerConnection' in window)) return [];
    const { audio, video } = business.features.value;
    return [...(audio ? (['audio'] as const) : []), ...(video ? (['video'] as const) : [])];
  });
}
