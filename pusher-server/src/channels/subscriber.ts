import type { Traffic } from '../metrics/traffic.ts';
import type { RateWindow } from '../limits/rate-limiter.ts';
import type { Socket } from '../transport/socket.ts';
import type { Subscription } from './local-channel.ts';

/** Who a connection signed in as. `userInfo` is JSON text, as presence channels tell it. */
export interface SignedInUser {
  readonly id: string;
  readonly userInfo: string | null;
}

/** What channels need to know of a connection. */
export interface Subscriber {
  readonly socketId: string;
  readonly socket: Socket;
  readonly subscriptions: Map<string, Subscription>;
  readonly user: SignedInUser | null;
  readonly clientEvents: RateWindow;
  readonly traffic: Traffic;
}

/** Sends one frame to a subscriber whose connection is open. */
export function sendTo(subscriber: Pick<Subscriber, 'socket' | 'traffic'>, frame: string): void {
  subscriber.traffic.messagesSent += 1;
  subscriber.traffic.bytesSent += Buffer.byteLength(frame);
  subscriber.socket.send(frame);
}
