import { judgeSignature, type App } from '../apps/app.ts';
import { SERVER_TO_USER_PREFIX } from '../protocol/channel-name.ts';
import { shorten } from '../protocol/codec.ts';
import type { SubscriptionError } from '../protocol/errors.ts';
import { channelAuth, equalConstantTime } from '../protocol/signature.ts';
import type { ChannelRules } from './channel-kind.ts';
import type { Subscriber } from './subscriber.ts';

/** What a client shows when it wants to subscribe. */
export interface SubscribeRequest {
  readonly channel: string;
  readonly auth: string;
  readonly channelData: string | null;
}

/** Whether a subscriber may have a channel: `null`, or what to tell it. SPEC.md S3–S5. */
export function authorize(
  app: App,
  rules: ChannelRules,
  subscriber: Pick<Subscriber, 'socketId' | 'user'>,
  request: SubscribeRequest,
): SubscriptionError | null {
  switch (rules.authorization) {
    case 'none':
      return null;
    case 'own-user':
      return subscriber.user?.id === request.channel.slice(SERVER_TO_USER_PREFIX.length)
        ? null
        : authError(`Only a connection that is signed in as this user may subscribe to ${request.channel}`);
    case 'signature':
      return checkSignature(app, subscriber.socketId, request);
  }
}

/** The answer names what was signed and what came, never what would have been right. */
function checkSignature(app: App, socketId: string, request: SubscribeRequest): SubscriptionError | null {
  const colon = request.auth.indexOf(':');
  if (colon < 1) return authError('Invalid auth in subscription: it has the form KEY:SIGNATURE');
  const key = request.auth.slice(0, colon);
  const verdict = judgeSignature(app, key, (credentials) =>
    equalConstantTime(channelAuth(credentials, socketId, request.channel, request.channelData), request.auth),
  );
  if (verdict === 'good') return null;
  if (verdict === 'unknown-key') return authError(`Invalid key in subscription auth data: '${shorten(key)}'`);
  const signed = `${socketId}:${request.channel}${request.channelData === null ? '' : ':<channel_data>'}`;
  return authError(
    `Invalid signature: Expected HMAC SHA256 hex digest of ${signed}, but got ${shorten(request.auth.slice(colon + 1))}`,
  );
}

function authError(error: string): SubscriptionError {
  return { type: 'AuthError', error, status: 401 };
}
