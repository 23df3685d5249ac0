import { credentialsOf } from '../apps/app.ts';
import { sendTo } from '../channels/subscriber.ts';
import { isUserId } from '../protocol/channel-name.ts';
import { parseObject } from '../protocol/codec.ts';
import { ERROR } from '../protocol/errors.ts';
import { errorFrame, signInSuccess } from '../protocol/frames.ts';
import { equalConstantTime, userAuth } from '../protocol/signature.ts';
import type { Established } from './connection.ts';

/**
 * Answers `pusher:signin`. A connection has one user for its whole life; a failed sign-in leaves it open and as it was.
 * Pusher protocol, "User authentication"; SPEC.md U1–U3.
 * Answers `true` when the connection has just become somebody's.
 */
export function signIn(connection: Established, auth: string, userData: string): boolean {
  const wasAnonymous = connection.user === null;
  const refusal = bindUser(connection, auth, userData);
  if (refusal === null) sendTo(connection, signInSuccess(userData));
  else sendTo(connection, errorFrame({ message: refusal, code: ERROR.signInRefused }));
  return wasAnonymous && refusal === null;
}

function bindUser(connection: Established, auth: string, userData: string): string | null {
  const { app } = connection;
  if (!app.settings.enableUserAuthentication) return 'Sign-in refused: user authentication is not enabled for this app';
  const credentials = credentialsOf(app, auth.slice(0, Math.max(auth.indexOf(':'), 0)));
  if (credentials === null || !equalConstantTime(userAuth(credentials, connection.socketId, userData), auth)) {
    return 'Sign-in refused: the signature is not that of this connection and user_data';
  }
  const user = parseObject(userData);
  const id = user?.['id'];
  if (typeof id !== 'string' || !isUserId(id)) return 'Sign-in refused: user_data needs an id, a non-empty string';
  if (connection.user !== null && connection.user.id !== id) {
    return 'Sign-in refused: the connection is signed in as another user';
  }
  const userInfo = user?.['user_info'];
  connection.user = { id, userInfo: userInfo === undefined ? null : JSON.stringify(userInfo) };
  return null;
}
