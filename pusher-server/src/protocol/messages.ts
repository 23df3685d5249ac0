/** What a client may say, after decoding. Pusher protocol, "Client → server events". */
export type ClientMessage =
  | { readonly type: 'subscribe'; readonly channel: string; readonly auth: string; readonly channelData: string | null }
  | { readonly type: 'unsubscribe'; readonly channel: string }
  | { readonly type: 'ping' }
  | { readonly type: 'pong' }
  | { readonly type: 'signin'; readonly auth: string; readonly userData: string }
  | ClientEvent
  | { readonly type: 'invalid'; readonly message: string };

/** An event from one client to the others of a channel. */
export interface ClientEvent {
  readonly type: 'client-event';
  readonly event: string;
  readonly channel: string;
  /** A string as it came, any other JSON as its text, `null` when the frame had no data. */
  readonly data: string | null;
}
