import { judgeSignature } from '../apps/app.ts';
import { sendTo } from '../channels/subscriber.ts';
import { isUserId } from '../protocol/channel-name.ts';
import { parseObject } from '../protocol/codec.ts';
import { ERROR } from '../protocol/errors.ts';
import { errorFrame, signInSuccess } from '../protocol/frames.ts';
import { equalConstantTime, userAuth } from '../protocol/signature.ts';
import type { Established } from './connection.ts';
import { MAX_WATCHED, readWatchlist, type Watchlist } from './watchlist.ts';

/**
 * Takes `pusher:signin`. A connection has one user for its whole life; a failed sign-in leaves it open and as it was.
 * Pusher protocol, "User authentication"; SPEC.md U1–U3, U8.
 * Answers whom the connection wants to watch when it has just become somebody's, which is then told with
 * `confirmSignIn`; else everything has been told, and the answer is `null`.
 */
export function signIn(connection: Established, auth: string, userData: string): Watchlist | null {
  const wasAnonymous = connection.user === null;
  const bound = bindUser(connection, auth, userData);
  if (typeof bound === 'string') {
    sendTo(connection, errorFrame({ message: bound, code: ERROR.signInRefused }));
    return null;
  }
  if (wasAnonymous) return bound;
  sendTo(connection, signInSuccess(userData));
  return null;
}

/** Tells a client that its connection is now its user's. */
export function confirmSignIn(connection: Established, userData: string, { tooMany }: Watchlist): void {
  sendTo(connection, signInSuccess(userData));
  if (tooMany) {
    const message = `The watchlist exceeds ${String(MAX_WATCHED)} users: the first ${String(MAX_WATCHED)} are watched`;
    sendTo(connection, errorFrame({ message, code: ERROR.watchlistLimit }));
  }
}

/** Binds the connection to its user; answers its watchlist, or why not. */
function bindUser(connection: Established, auth: string, userData: string): Watchlist | string {
  const { app } = connection;
  if (!app.settings.enableUserAuthentication) return 'Sign-in refused: user authentication is not enabled for this app';
  const key = auth.slice(0, Math.max(auth.indexOf(':'), 0));
  const verdict = judgeSignature(app, key, (credentials) =>
    equalConstantTime(userAuth(credentials, connection.socketId, userData), auth),
  );
  if (verdict !== 'good') {
    return 'Sign-in refused: the signature is not that of this connection and user_data';
  }
  const user = parseObject(userData);
  const id = user?.['id'];
  if (typeof id !== 'string' || !isUserId(id)) return 'Sign-in refused: user_data needs an id, a non-empty string';
  if (connection.user !== null && connection.user.id !== id) {
    return 'Sign-in refused: the connection is signed in as another user';
  }
  const watchlist = readWatchlist(user?.['watchlist']);
  if (watchlist === null) return 'Sign-in refused: the watchlist in user_data must be a list of user ids';
  const userInfo = user?.['user_info'];
  connection.user = { id, userInfo: userInfo === undefined ? null : JSON.stringify(userInfo) };
  return watchlist;
}
