import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { ApiRealtime } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { loadPusher } from '../api/load-pusher.ts';
import { RealtimeLink } from '../api/realtime-link.ts';
import { Pause, persist } from '../pause.ts';
import { ApiFailure } from '../api/http.ts';

/**
 * `connected`: messages come the moment they are said. `reconnecting`: they are asked for every few seconds.
 * `offline`: the server cannot be reached.
 */
export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'offline';

export interface ConnectionDeps {
  token: () => string;
  event: (name: string, data: unknown) => void;
  /** Fetch what may have been missed. */
  catchUp: () => Promise<void>;
  /** Read anew how things stand. */
  refresh: () => Promise<void>;
  visible: () => boolean;
  /** Shared with everything that waits for the network. */
  pause: Pause;
}

/** Between two looks while the realtime connection is down: for a visitor who looks, and for one who does not. */
const POLL_MS = 4000;
const HIDDEN_POLL_MS = 30_000;
/** The server limits sessions: how things stand is read with each such number of looks. */
const POLLS_PER_REFRESH = 5;

export interface Channels {
  own: string;
  agent: string | null;
  talk: string | null;
}

export interface Connection {
  state: ComputedRef<ConnectionState>;
  /** Told of each call of the API. */
  observe(answered: boolean): void;
  connect(settings: ApiRealtime, channels: Channels): void;
  /** A client event to the agent; lost when there is no connection. */
  trigger(event: string, data: object): void;
  close(): void;
}

/** The realtime connection with its fallback, and in one word how well the visitor is connected. */
export function useConnection(deps: ConnectionDeps): Connection {
  const live = shallowRef(false);
  const wasLive = shallowRef(false);
  /** The first connection takes longer than anybody waits: messages come by asking. */
  const slow = shallowRef(false);
  const reachable = shallowRef<boolean | null>(null);
  const online = shallowRef(navigator.onLine);
  const polling = new Pause();
  let link: Promise<RealtimeLink | null> | null = null;
  let linkedTo = '';

  const state = computed<ConnectionState>(() => {
    if (live.value && reachable.value !== false) return 'connected';
    if (!online.value || reachable.value === false) return 'offline';
    return wasLive.value || slow.value ? 'reconnecting' : 'connecting';
  });

  const wentOnline = () => {
    online.value = true;
    wake();
  };
  const wentOffline = () => (online.value = false);
  const becameVisible = () => {
    // A page that slept may have missed what it takes the connection a while to notice.
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wentOnline);
  window.addEventListener('offline', wentOffline);
  document.addEventListener('visibilitychange', becameVisible);
  const stopWatching = watch(live, (now) => {
    if (!now) return;
    if (wasLive.value) void deps.refresh();
    wasLive.value = true;
    void deps.catchUp();
  });

  function wake(): void {
    deps.pause.wake();
    polling.wake();
    void link?.then((one) => one?.wake());
    if (linkedTo !== '') void deps.catchUp();
  }

  async function open(settings: ApiRealtime): Promise<RealtimeLink | null> {
    const client = await persist(deps.pause, () =>
      loadPusher(settings.encrypted).catch((error: unknown) => {
        throw new ApiFailure(0, 'unreachable', null, { cause: error });
      }),
    );
    if (client === null) return null;
    return new RealtimeLink({
      client,
      settings,
      token: deps.token,
      event: deps.event,
      live: (now) => (live.value = now),
    });
  }

  async function poll(): Promise<void> {
    for (let count = 1; !polling.closed; count += 1) {
      await polling.sleep(deps.visible() ? POLL_MS : HIDDEN_POLL_MS);
      if (polling.closed || live.value) continue;
      slow.value = true;
      await deps.catchUp();
      if (count % POLLS_PER_REFRESH === 0) await deps.refresh();
    }
  }

  return {
    state,
    observe(answered) {
      reachable.value = answered;
    },
    trigger: (event, data) => void link?.then((one) => one?.trigger(event, data)),
    connect(settings, { own, agent, talk }) {
      const address = JSON.stringify(settings);
      if (address !== linkedTo) {
        if (linkedTo === '') void poll();
        void link?.then((one) => one?.close());
        linkedTo = address;
        link = open(settings);
      }
      const current = link;
      void current?.then((one) => {
        if (current === link) one?.listen(own, agent, talk);
      });
    },
    close() {
      polling.close();
      stopWatching();
      window.removeEventListener('online', wentOnline);
      window.removeEventListener('offline', wentOffline);
      document.removeEventListener('visibilitychange', becameVisible);
      void link?.then((one) => one?.close());
    },
  };
}
