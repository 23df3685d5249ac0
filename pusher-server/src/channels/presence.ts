import type { App } from '../apps/app.ts';
import type { MemberContribution } from '../cluster/cluster.ts';
import { isUserId } from '../protocol/channel-name.ts';
import { parseObject } from '../protocol/codec.ts';
import type { SubscriptionError } from '../protocol/errors.ts';
import type { LocalChannel } from './local-channel.ts';
import type { SignedInUser } from './subscriber.ts';

/** A user on a presence channel, or why there is none. */
export type MemberResult =
  | { readonly kind: 'member'; readonly userId: string; readonly userInfo: string | null }
  | { readonly kind: 'refused'; readonly error: SubscriptionError };

/**
 * Who wants to join: what `channel_data` says, else the user that the connection is signed in as. A numeric `user_id`
 * becomes a string. Pusher protocol, "Presence channels"; SPEC.md P2–P4.
 */
export function memberOf(app: App, channelData: string | null, user: SignedInUser | null): MemberResult {
  if (channelData === null) {
    return user === null
      ? refused('AuthError', 401, 'A presence channel needs channel_data with a user_id, or a signed-in connection')
      : withinSize(app, user.id, user.userInfo);
  }
  const data = parseObject(channelData);
  if (data === null) return refused('AuthError', 401, 'channel_data is not a JSON object');
  const given = data['user_id'];
  const userId = typeof given === 'number' ? String(given) : given;
  if (typeof userId !== 'string' || !isUserId(userId)) {
    return refused('AuthError', 401, 'channel_data needs a user_id of 1 to 128 letters, digits and _-=@,.;');
  }
  const userInfo = data['user_info'];
  return withinSize(app, userId, userInfo === undefined ? null : JSON.stringify(userInfo));
}

function withinSize(app: App, userId: string, userInfo: string | null): MemberResult {
  if (userInfo !== null && Buffer.byteLength(userInfo) > app.maxMemberBytes) {
    return refused('TooLarge', 413, `user_info exceeds the allowed maximum (${String(app.maxMemberBytes)} bytes)`);
  }
  return { kind: 'member', userId, userInfo };
}

function refused(type: SubscriptionError['type'], status: SubscriptionError['status'], error: string): MemberResult {
  return { kind: 'refused', error: { type, error, status } };
}

/** Counts one more socket (`change` 1) or one less (−1) of a user on this node. */
export function countSocket(channel: LocalChannel, userId: string, change: 1 | -1): void {
  channel.sockets += change;
  const sockets = (channel.users?.get(userId) ?? 0) + change;
  if (sockets > 0) channel.users?.set(userId, sockets);
  else channel.users?.delete(userId);
}

/** What this node has of a user on a channel now, in absolute numbers. */
export function contributionOf(
  channel: LocalChannel,
  userId: string,
  userInfo: string | null,
  maxMembers: number,
): MemberContribution {
  return { userId, userInfo, sockets: channel.users?.get(userId) ?? 0, channelSockets: channel.sockets, maxMembers };
}
