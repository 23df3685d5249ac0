import type { ApiRealtimeEventData, ApiRealtimeEventName } from '../../../src/front-doors/console-api/wire-realtime.ts';
import { backoffMs } from './backoff.ts';
import { createTimers } from './timers.ts';

const NAMES: readonly ApiRealtimeEventName[] = [
  'connection_opened',
  'connection_closed',
  'signed_in',
  'subscribed',
  'unsubscribed',
  'subscription_refused',
  'channel_occupied',
  'channel_vacated',
  'member_added',
  'member_removed',
  'api_event',
  'client_event',
  'webhook_attempt',
  'dropped',
];

export interface RealtimeStreamListener {
  onEvent(name: ApiRealtimeEventName, data: ApiRealtimeEventData): void;
  onLive(live: boolean): void;
}

/** The part of `EventSource` that is used here; tests bring their own. */
export interface StreamSource {
  readonly readyState: number;
  addEventListener(name: string, listener: (event: Event) => void): void;
  close(): void;
}

const CLOSED = 2;

/** Listens to what happens on the realtime server, and comes back whenever the stream ends. Answers how to stop. */
export function followRealtime(open: () => StreamSource, listener: RealtimeStreamListener): () => void {
  const timers = createTimers();
  let source: StreamSource | null = null;
  let failures = 0;

  function connect(): void {
    const opened = open();
    source = opened;
    for (const name of NAMES) {
      opened.addEventListener(name, (event) => {
        listener.onEvent(name, JSON.parse((event as MessageEvent<string>).data) as ApiRealtimeEventData);
      });
    }
    opened.addEventListener('open', () => {
      failures = 0;
      listener.onLive(true);
    });
    opened.addEventListener('error', () => {
      listener.onLive(false);
      // The browser comes back by itself after a break, but never after a refusal.
      if (opened.readyState !== CLOSED) return;
      failures += 1;
      timers.later(backoffMs(failures, Math.random()), connect);
    });
  }

  connect();
  return () => {
    timers.close();
    source?.close();
  };
}
