import type { SubscriptionError } from '../protocol/errors.ts';

/** What the stream of an app tells, in the words of its wire: `event` names it, the rest is its data. SPEC.md H31. */
export type FeedEvent =
  | {
      readonly event: 'connection_opened';
      readonly socket_id: string;
      readonly client: string;
      readonly origin: string;
    }
  | { readonly event: 'connection_closed'; readonly socket_id: string; readonly user_id: string | null }
  | { readonly event: 'signed_in'; readonly socket_id: string; readonly user_id: string }
  | {
      readonly event: 'subscribed' | 'unsubscribed';
      readonly socket_id: string;
      readonly channel: string;
      readonly user_id: string | null;
    }
  | {
      readonly event: 'subscription_refused';
      readonly socket_id: string;
      readonly channel: string;
      readonly type: SubscriptionError['type'];
      readonly error: string;
    }
  | { readonly event: 'channel_occupied' | 'channel_vacated'; readonly channel: string }
  | { readonly event: 'member_added' | 'member_removed'; readonly channel: string; readonly user_id: string }
  | {
      readonly event: 'api_event';
      readonly channels: readonly string[];
      readonly name: string;
      /** The connection that was left out. */
      readonly socket_id: string | null;
      readonly data: CutText;
    }
  | {
      readonly event: 'client_event';
      readonly channel: string;
      readonly name: string;
      readonly socket_id: string;
      readonly user_id: string | null;
      readonly data: CutText | null;
    }
  | ({ readonly event: 'webhook_attempt' } & WireAttempt);

/** The beginning of a text, and how many bytes the whole has. */
export interface CutText {
  readonly text: string;
  readonly bytes: number;
}

/** A webhook attempt as REST and the stream tell it; times in milliseconds, the moment as ISO 8601. */
export interface WireAttempt {
  readonly time: string;
  readonly url: string;
  readonly delivery_id: string;
  readonly attempt: number;
  readonly duration_ms: number;
  /** `null` when no answer came; then `error` says why. */
  readonly status: number | null;
  readonly error: string | null;
  readonly event_count: number;
  readonly event_names: readonly string[];
}

const MAX_DATA_BYTES = 1_024;

/** At most the first kilobyte of a text, ending with a whole character. */
export function cutText(text: string): CutText {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_DATA_BYTES) return { text, bytes };
  const head = Buffer.from(text).subarray(0, MAX_DATA_BYTES);
  // A character that the cut went through is decoded as a replacement character, which is left out.
  return { text: new TextDecoder().decode(head, { stream: true }), bytes };
}
