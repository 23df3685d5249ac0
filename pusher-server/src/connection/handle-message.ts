import { relayClientEvent } from '../channels/client-event.ts';
import { leave, type Joining } from '../channels/join.ts';
import { subscribe } from '../channels/subscribe.ts';
import { sendTo } from '../channels/subscriber.ts';
import { decodeClientFrame, shorten } from '../protocol/codec.ts';
import { errorFrame, PONG_FRAME } from '../protocol/frames.ts';
import type { Established } from './connection.ts';
import { signIn } from './sign-in.ts';
import type { Watchlist } from './watchlist.ts';

/**
 * What handling frames works with; `signedIn` hears of every connection that has become a user's, and whom it watches,
 * and answers it.
 */
export interface Handling extends Joining {
  readonly signedIn: (connection: Established, watchlist: Watchlist, userData: string) => void;
}

/** Does what one text frame of an established connection asks for; every frame that asks for nothing gets an error. */
export function handleMessage(deps: Handling, connection: Established, text: string): void {
  const message = decodeClientFrame(text);
  switch (message.type) {
    case 'ping':
      sendTo(connection, PONG_FRAME);
      return;
    case 'pong':
      return;
    case 'subscribe':
      subscribe(deps, connection.app, connection.channels, connection, message);
      return;
    case 'unsubscribe':
      unsubscribe(deps, connection, message.channel);
      return;
    case 'client-event':
      relayClientEvent(deps, connection.app, connection.channels, connection, message);
      return;
    case 'signin': {
      const watchlist = signIn(connection, message.auth, message.userData);
      if (watchlist !== null) deps.signedIn(connection, watchlist, message.userData);
      return;
    }
    case 'invalid':
      complain(connection, message.message);
      return;
    default:
      return message satisfies never;
  }
}

function unsubscribe(deps: Joining, connection: Established, channel: string): void {
  const subscription = connection.subscriptions.get(channel);
  if (subscription === undefined) complain(connection, `No current subscription to channel ${shorten(channel)}`);
  else leave(deps, connection.channels, connection, subscription, true);
}

/** Tells a client what was wrong with its frame; the connection stays open. */
export function complain(connection: Established, message: string): void {
  sendTo(connection, errorFrame({ message, code: null }));
}
