import type { Traffic } from '../metrics/traffic.ts';
import type { RateWindow } from '../limits/rate-limiter.ts';
import type { AppFeed } from '../feed/app-feed.ts';
import { shorten } from '../protocol/codec.ts';
import type { SubscriptionError } from '../protocol/errors.ts';
import { subscriptionErrorFrame } from '../protocol/frames.ts';
import type { Socket } from '../transport/socket.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Who a connection signed in as. `userInfo` is JSON text, as presence channels tell it. */
export interface SignedInUser {
  readonly id: string;
  readonly userInfo: string | null;
}

/** What channels need to know of a connection. */
export interface Subscriber {
  readonly socketId: string;
  readonly socket: Socket;
  readonly subscriptions: Subscriptions;
  readonly user: SignedInUser | null;
  /** `null` until it sends its first. */
  clientEvents: RateWindow | null;
  readonly traffic: Traffic;
  /** Of its app. */
  readonly channels: { readonly feed: AppFeed | null };
}

/** Sends one frame to a subscriber whose connection is open. */
export function sendTo(subscriber: Pick<Subscriber, 'socket' | 'traffic'>, frame: string): void {
  subscriber.traffic.messagesSent += 1;
  subscriber.traffic.bytesSent += Buffer.byteLength(frame);
  subscriber.socket.send(frame);
}

/** Tells a subscriber that it does not get a channel, and why. */
export function refuseSubscription(subscriber: Subscriber, channel: string, error: SubscriptionError): void {
  const { socketId, channels } = subscriber;
  sendTo(subscriber, subscriptionErrorFrame(channel, error));
  channels.feed?.tell({
    event: 'subscription_refused',
    socket_id: socketId,
    channel: shorten(channel),
    type: error.type,
    error: error.error,
  });
}
