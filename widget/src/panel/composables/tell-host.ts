import { watch, type Ref } from 'vue';
import type { ApiAgent } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Host } from '../host/host.ts';
import type { SessionState } from './visitor-session.ts';

export interface Told {
  unread: Ref<number>;
  place: Ref<number | null>;
  agent: Ref<ApiAgent | null>;
  session: Ref<SessionState>;
}

/** Tells the page around the panel what its handlers and its launcher are for. */
export function tellHost(host: Host, { unread, place, agent, session }: Told): void {
  watch(unread, (count) => host.tell({ type: 'unread', count }), { immediate: true });
  watch(place, (now) => host.tell({ type: 'queue', place: now ?? 0 }));
  watch(
    () => agent.value?.name ?? '',
    (name) => host.tell({ type: 'assigned', name }),
  );
  watch(
    () => (session.value.kind === 'ready' ? session.value.answer.state : null),
    (state) => state && host.tell({ type: 'status', state }),
  );
  watch(session, (state) => state.kind === 'refused' && host.tell({ type: 'error', code: state.code }));
}
