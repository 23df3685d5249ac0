import { shallowRef, type ShallowRef } from 'vue';
import type { ApiRealtimeEventData, ApiRealtimeEventName } from '../../../src/front-doors/console-api/wire-realtime.ts';

export interface LoggedEvent {
  id: number;
  name: ApiRealtimeEventName;
  data: ApiRealtimeEventData;
}

/** What a person looks at together. */
export type EventKind = 'connections' | 'channels' | 'messages' | 'webhooks';
export const EVENT_KINDS: readonly EventKind[] = ['connections', 'channels', 'messages', 'webhooks'];

const KINDS: Record<ApiRealtimeEventName, EventKind | null> = {
  connection_opened: 'connections',
  connection_closed: 'connections',
  signed_in: 'connections',
  subscribed: 'channels',
  unsubscribed: 'channels',
  subscription_refused: 'channels',
  channel_occupied: 'channels',
  channel_vacated: 'channels',
  member_added: 'channels',
  member_removed: 'channels',
  api_event: 'messages',
  client_event: 'messages',
  webhook_attempt: 'webhooks',
  // A hole concerns whatever one looks at.
  dropped: null,
};

/** Events in the order in which they are read: the newest first. */
export interface EventLog {
  readonly shown: Readonly<ShallowRef<readonly LoggedEvent[]>>;
  /** How many came while paused. */
  readonly held: Readonly<ShallowRef<number>>;
  readonly paused: Readonly<ShallowRef<boolean>>;
  add(name: ApiRealtimeEventName, data: ApiRealtimeEventData): void;
  pause(paused: boolean): void;
  clear(): void;
  /** Shows what came since the last time. */
  flush(): void;
}

/** What a person may look back at. */
const KEPT = 300;

/** Keeps the last events; they show when `flush` is called, so that a storm of them costs one drawing at a time. */
export function createEventLog(): EventLog {
  const shown = shallowRef<readonly LoggedEvent[]>([]);
  const held = shallowRef(0);
  const paused = shallowRef(false);
  let waiting: LoggedEvent[] = [];
  let lastId = 0;
  let came = 0;

  function flush(): void {
    if (paused.value) {
      held.value = came;
      return;
    }
    came = 0;
    held.value = 0;
    if (waiting.length === 0) return;
    shown.value = [...waiting.reverse(), ...shown.value].slice(0, KEPT);
    waiting = [];
  }

  return {
    shown,
    held,
    paused,
    add(name, data) {
      lastId += 1;
      came += 1;
      waiting.push({ id: lastId, name, data });
      if (waiting.length > KEPT * 2) waiting = waiting.slice(-KEPT);
    },
    pause(value) {
      paused.value = value;
      flush();
    },
    clear() {
      shown.value = [];
      waiting = [];
      came = 0;
      held.value = 0;
    },
    flush,
  };
}

/** Whether an event is of a kind and has the words somewhere among its names and ids. */
export function isAskedFor({ name, data }: LoggedEvent, kind: EventKind | 'all', words: string): boolean {
  const own = KINDS[name];
  if (kind !== 'all' && own !== null && own !== kind) return false;
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return true;
  const texts = [name, data.channel, data.name, data.socket_id, data.user_id, data.url, data.client];
  return [...texts, ...(data.channels ?? [])].some((text) => text?.toLowerCase().includes(wanted) === true);
}
