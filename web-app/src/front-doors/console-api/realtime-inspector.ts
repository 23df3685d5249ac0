import type { Readable } from 'node:stream';
import type {
  ApiRealtimeChannels,
  ApiRealtimeConnections,
  ApiRealtimeDeliveries,
  ApiRealtimeMembers,
} from './wire-realtime.ts';

/** What the debug console asks of the realtime server. All throw `RealtimeUnavailable` when it cannot be asked. */
export interface RealtimeInspector {
  connections(before: string | null, limit: number): Promise<ApiRealtimeConnections>;
  channels(prefix: string): Promise<ApiRealtimeChannels>;
  members(channel: string): Promise<ApiRealtimeMembers>;
  deliveries(limit: number): Promise<ApiRealtimeDeliveries>;
  /** @throws RealtimeRefused for an event that it does not take */
  trigger(channel: string, name: string, data: string): Promise<void>;
  /** What happens from now on, as server-sent events, for `longestMs` at most. */
  stream(longestMs: number): Promise<Readable>;
}

/** The realtime server does not answer, or not now. */
export class RealtimeUnavailable extends Error {
  readonly code = 'realtime_unavailable';
}

/** The realtime server does not take this as it is; the message is its own. */
export class RealtimeRefused extends Error {
  readonly code = 'realtime_refused';
}
