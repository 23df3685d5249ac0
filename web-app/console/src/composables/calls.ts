import { inject, onScopeDispose, provide, shallowRef, watch, type InjectionKey, type ShallowRef } from 'vue';
import { CallLine } from '../../../../widget/src/calls/call-line.ts';
import type { CallApi, CallView } from '../../../../widget/src/calls/call-types.ts';
import { openLocalMedia } from '../../../../widget/src/calls/local-media.ts';
import { ring } from '../../../../widget/src/calls/ringing.ts';
import type { Workspace } from './workspace.ts';

/** The agent's one line: it lives on while they look at other conversations. */
export interface Calls {
  readonly line: CallLine;
  /** What is to be shown of the call that rings, goes on, or has just ended; null: none. */
  readonly view: Readonly<ShallowRef<CallView | null>>;
}

const KEY: InjectionKey<Calls> = Symbol('calls');

/** For everything below the calling component, until it goes. */
export function provideCalls({ signals, connection }: Pick<Workspace, 'signals' | 'connection'>, api: CallApi): Calls {
  const view = shallowRef<CallView | null>(null);
  const line = new CallLine({
    api,
    talk: {
      join: (conversationId) => signals.join(conversationId),
      send: (conversationId, event, data) => signals.trigger(conversationId, event, data),
    },
    openMedia: openLocalMedia,
    connect: (configuration) => new RTCPeerConnection(configuration),
    changed: (now) => (view.value = now),
  });
  const stopListening = signals.listen((event, data) => line.heard(event, data));

  let stopRinging = () => {};
  watch(
    () => view.value?.phase,
    (phase) => {
      stopRinging();
      const isRinging = phase === 'incoming' || phase === 'ringing';
      stopRinging = isRinging ? ring(phase === 'incoming' ? 'incoming' : 'outgoing') : () => {};
    },
  );
  watch(connection, (now) => now === 'online' && void line.look(), { immediate: true });
  const gone = () => line.close();
  window.addEventListener('pagehide', gone);
  onScopeDispose(() => {
    window.removeEventListener('pagehide', gone);
    stopListening();
    stopRinging();
    line.close();
  });
  const calls: Calls = { line, view };
  provide(KEY, calls);
  return calls;
}

/** @throws Error outside of the signed-in part of the page */
export function useCalls(): Calls {
  const calls = inject(KEY);
  if (calls === undefined) throw new Error('There is no line here: nobody is signed in');
  return calls;
}
