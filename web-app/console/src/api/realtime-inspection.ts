import type {
  ApiRealtimeChannels,
  ApiRealtimeConnections,
  ApiRealtimeDeliveries,
  ApiRealtimeMembers,
  TriggerRequest,
} from '../../../src/front-doors/console-api/wire-realtime.ts';
import type { HttpClient } from './http-client.ts';

/** What a super manager may ask and do on the realtime server. */
export interface RealtimeInspection {
  connections(before: string | null): Promise<ApiRealtimeConnections>;
  channels(prefix: string): Promise<ApiRealtimeChannels>;
  members(channel: string): Promise<ApiRealtimeMembers>;
  deliveries(): Promise<ApiRealtimeDeliveries>;
  trigger(event: TriggerRequest): Promise<void>;
}

const root = '/api/v1/realtime';
export const REALTIME_STREAM = `${root}/stream`;

/** The calls of `/api/v1/realtime`, one function each. All throw `ApiError`. */
export function createRealtimeInspection(http: HttpClient): RealtimeInspection {
  return {
    connections: (before) =>
      http.request('GET', `${root}/connections${before === null ? '' : `?before=${encodeURIComponent(before)}`}`),
    channels: (prefix) => http.request('GET', `${root}/channels?prefix=${encodeURIComponent(prefix)}`),
    members: (channel) => http.request('GET', `${root}/channels/${encodeURIComponent(channel)}/members`),
    deliveries: () => http.request('GET', `${root}/deliveries`),
    trigger: (event) => http.request('POST', `${root}/events`, event),
  };
}
