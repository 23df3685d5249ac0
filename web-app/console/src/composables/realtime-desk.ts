import { shallowRef, type ShallowRef } from 'vue';
import type {
  ApiRealtimeChannels,
  ApiRealtimeConnections,
  ApiRealtimeDeliveries,
  ApiRealtimeEventName,
} from '../../../src/front-doors/console-api/wire-realtime.ts';
import type { RealtimeInspection } from '../api/realtime-inspection.ts';
import { followRealtime, type StreamSource } from '../api/realtime-stream.ts';
import { createTimers } from '../api/timers.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createLiveList, type LiveList } from './live-list.ts';

type DeskList = 'connections' | 'channels' | 'webhooks';
/** The parts of the page, as they stand in its address. */
export type RealtimeTab = 'events' | DeskList;

/** Everything that the debug console shows: made with its page, ended with `close`. */
export interface RealtimeDesk {
  readonly connections: LiveList<ApiRealtimeConnections>;
  readonly channels: LiveList<ApiRealtimeChannels>;
  readonly webhooks: LiveList<ApiRealtimeDeliveries>;
  readonly log: EventLog;
  /** Whether events arrive. */
  readonly live: Readonly<ShallowRef<boolean>>;
  /** The beginning of the channels' names that are asked for. */
  readonly prefix: ShallowRef<string>;
  /** The page of connections below this one; null for the newest. */
  readonly before: ShallowRef<string | null>;
  close(): void;
}

/** Which list an event makes old. */
const CHANGES: Partial<Record<ApiRealtimeEventName, readonly DeskList[]>> = {
  connection_opened: ['connections'],
  connection_closed: ['connections'],
  signed_in: ['connections'],
  subscribed: ['connections', 'channels'],
  unsubscribed: ['connections', 'channels'],
  channel_occupied: ['channels'],
  channel_vacated: ['channels'],
  member_added: ['channels'],
  member_removed: ['channels'],
  webhook_attempt: ['webhooks'],
};

const DRAW_EVERY_MS = 200;

export function createRealtimeDesk(api: RealtimeInspection, openStream: () => StreamSource): RealtimeDesk {
  const timers = createTimers();
  const live = shallowRef(false);
  const prefix = shallowRef('');
  const before = shallowRef<string | null>(null);
  const log = createEventLog();
  const lists = {
    connections: createLiveList(() => api.connections(before.value)),
    channels: createLiveList(() => api.channels(prefix.value)),
    webhooks: createLiveList(() => api.deliveries()),
  };
  const stop = followRealtime(openStream, {
    onEvent(name, data) {
      log.add(name, data);
      for (const list of CHANGES[name] ?? []) lists[list].refresh();
    },
    onLive(is) {
      live.value = is;
    },
  });
  timers.every(DRAW_EVERY_MS, () => log.flush());

  return {
    ...lists,
    log,
    live,
    prefix,
    before,
    close() {
      stop();
      timers.close();
      for (const list of Object.values(lists)) list.close();
    },
  };
}
