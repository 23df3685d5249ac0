import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { CallLine } from '../../calls/call-line.ts';
import type { CallView } from '../../calls/call-types.ts';
import { openLocalMedia } from '../../calls/local-media.ts';
import { ring } from '../../calls/ringing.ts';
import type { ApiCall, ApiCallAnswer, ApiRinging } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Chat } from './chat.ts';

/** The panel's line, with what it is to show. It rings while sound is on. */
export function useCallLine({ actions, signals, sound }: Pick<Chat, 'actions' | 'signals' | 'sound'>): {
  line: CallLine;
  view: ShallowRef<CallView | null>;
} {
  const view = shallowRef<CallView | null>(null);
  const post = <Answer>(path: string, body: object = {}, lasting = false) =>
    actions.call<Answer>({ method: 'POST', path, body, lasting });
  const line = new CallLine({
    api: {
      offer: (conversationId, kind) => post<ApiCall>(`/conversations/${conversationId}/calls`, { kind }),
      ringing: () => actions.call<ApiRinging>({ method: 'GET', path: '/calls/ringing' }),
      accept: (room) => post<ApiCallAnswer>(`/calls/${room}/accept`),
      refuse: (room) => post(`/calls/${room}/refuse`, {}, true),
      end: (room) => post(`/calls/${room}/end`, {}, true),
      keepAlive: (room) => post(`/calls/${room}/alive`),
    },
    talk: {
      // The panel listens to its conversation's channel all the time.
      join: () => () => undefined,
      send(conversationId, event, data) {
        if (signals.conversation() === conversationId) signals.trigger(event, data);
      },
    },
    openMedia: openLocalMedia,
    connect: (configuration) => new RTCPeerConnection(configuration),
    changed: (now) => (view.value = now),
  });

  let stopRinging = () => {};
  watch(
    () => {
      const phase = view.value?.phase;
      return sound.value && (phase === 'incoming' || phase === 'ringing') ? phase : null;
    },
    (phase) => {
      stopRinging();
      stopRinging = phase === null ? () => {} : ring(phase === 'incoming' ? 'incoming' : 'outgoing');
    },
  );
  const gone = () => line.close();
  window.addEventListener('pagehide', gone);
  onScopeDispose(() => {
    window.removeEventListener('pagehide', gone);
    stopRinging();
    line.close();
  });
  return { line, view };
}
