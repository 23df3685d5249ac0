import { z } from 'zod';

/**
 * The wire of `/api/v1/realtime/*`: what the debug console of the realtime server sends and gets. For super managers
 * alone; they see the whole app, whatever business a channel belongs to.
 */

const CHANNEL = /^(#server-to-user-)?[A-Za-z0-9_\-=@,.;]+$/;
/** Above what any realtime server of ours is set to take; the server has the last word. */
const MAX_DATA = 100_000;

/** `GET /realtime/connections`. */
export const connectionsPageQuery = z.object({
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** `GET /realtime/channels`. */
export const channelsQuery = z.object({ prefix: z.string().max(200).default('') });

/** The channel in the path of `GET /realtime/channels/:channel/members`. */
export const presenceChannel = z.object({
  channel: z
    .string()
    .max(200)
    .regex(/^presence-[A-Za-z0-9_\-=@,.;]+$/),
});

/** `GET /realtime/deliveries`. */
export const deliveriesQuery = z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) });

/** `POST /realtime/events`: `data` goes out as it is, so for most clients it is JSON text. */
export const triggerRequest = z.object({
  channel: z.string().min(1).max(200).regex(CHANNEL, 'must be letters, digits and _-=@,.;'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((name) => !/^pusher(_internal)?:/.test(name), 'names that begin with pusher: are reserved'),
  data: z.string().max(MAX_DATA).default(''),
});
export type TriggerRequest = z.input<typeof triggerRequest>;

export interface ApiRealtimeConnection {
  socketId: string;
  /** Who it is signed in as. */
  userId: string | null;
  connectedAt: string;
  /** What the client calls itself, `js 8.6.0`; may be empty. */
  client: string;
  origin: string;
  /** The first of its channels. */
  channels: string[];
  channelCount: number;
}

/** The newest first. `next` goes into `?before=`. */
export interface ApiRealtimeConnections {
  items: ApiRealtimeConnection[];
  total: number;
  next: string | null;
}

export interface ApiRealtimeChannel {
  name: string;
  /** Null on presence channels, where users are counted. */
  subscriptions: number | null;
  /** Null on the others. */
  users: number | null;
}

/** By name; at most 1,000 of the `total`. */
export interface ApiRealtimeChannels {
  items: ApiRealtimeChannel[];
  total: number;
}

export interface ApiRealtimeMembers {
  items: { id: string }[];
}

/** One attempt to deliver a webhook. */
export interface ApiRealtimeDelivery {
  time: string;
  url: string;
  deliveryId: string;
  /** From 1. */
  attempt: number;
  durationMs: number;
  /** Null when no answer came; then `error` says why. */
  status: number | null;
  error: string | null;
  eventCount: number;
  eventNames: string[];
}

/** The newest first. */
export interface ApiRealtimeDeliveries {
  items: ApiRealtimeDelivery[];
}

/**
 * `GET /realtime/stream`, `text/event-stream`: the realtime server's own stream, passed on as it is, so its fields are in
 * snake case. `event:` is one of these names, `data:` the fields beside it.
 */
export type ApiRealtimeEventName =
  | 'connection_opened'
  | 'connection_closed'
  | 'signed_in'
  | 'subscribed'
  | 'unsubscribed'
  | 'subscription_refused'
  | 'channel_occupied'
  | 'channel_vacated'
  | 'member_added'
  | 'member_removed'
  | 'api_event'
  | 'client_event'
  | 'webhook_attempt'
  | 'dropped';

/** Every field that some event has; absent or null where it has none. */
export interface ApiRealtimeEventData {
  time: string;
  socket_id?: string | null;
  user_id?: string | null;
  channel?: string;
  channels?: string[];
  /** Of a triggered event or a client event. */
  name?: string;
  /** At most 1 KB of it, and how long the whole is. */
  data?: { text: string; bytes: number } | null;
  client?: string;
  origin?: string;
  error?: string | null;
  url?: string;
  status?: number | null;
  attempt?: number;
  duration_ms?: number;
  event_count?: number;
  event_names?: string[];
  /** How many events this listener lost. */
  count?: number;
}
