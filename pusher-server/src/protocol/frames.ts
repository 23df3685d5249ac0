import type { ProtocolError, SubscriptionError } from './errors.ts';

/**
 * Every frame that the server sends, each built in one place. Whether `data` is an object or a string of JSON follows
 * the Pusher protocol, "Server → client events"; channel names were checked before and need no escaping.
 */
export const PONG_FRAME = '{"event":"pusher:pong","data":{}}';
export const PING_FRAME = '{"event":"pusher:ping","data":{}}';

/** The first frame of a connection. `activityTimeout` in seconds. */
export function connectionEstablished(socketId: string, activityTimeout: number): string {
  const data = `{\\"socket_id\\":\\"${socketId}\\",\\"activity_timeout\\":${String(activityTimeout)}}`;
  return `{"event":"pusher:connection_established","data":"${data}"}`;
}

/** A complaint that leaves the connection open, or comes right before its close. */
export function errorFrame(error: ProtocolError): string {
  return JSON.stringify({ event: 'pusher:error', data: { message: error.message, code: error.code } });
}

/** The answer to a subscription that was not accepted. The name is the client's own and may hold anything. */
export function subscriptionErrorFrame(channel: string, error: SubscriptionError): string {
  return JSON.stringify({
    event: 'pusher:subscription_error',
    channel,
    data: { type: error.type, error: error.error, status: error.status },
  });
}

/** The answer to a subscription of a channel without presence. */
export function subscriptionSucceeded(channel: string): string {
  return `{"event":"pusher_internal:subscription_succeeded","channel":"${channel}","data":"{}"}`;
}

/** The members of a presence channel as they stand in the answer to a join, escaped already: two lists with commas. */
export interface MemberLists {
  readonly ids: string;
  readonly hash: string;
}

/** Encodes members; values are `user_info` as JSON text. */
export function memberLists(members: Iterable<readonly [userId: string, userInfo: string | null]>): MemberLists {
  const ids: string[] = [];
  const hash: string[] = [];
  for (const [userId, userInfo] of members) {
    const id = JSON.stringify(userId);
    ids.push(id);
    hash.push(`${id}:${userInfo ?? 'null'}`);
  }
  return { ids: escaped(ids.join()), hash: escaped(hash.join()) };
}

/** A text as it stands inside a JSON string. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The answer to a subscription of a presence channel: all members by id. */
export function presenceSucceeded(channel: string, count: number, { ids, hash }: MemberLists): string {
  const data = `{\\"presence\\":{\\"count\\":${String(count)},\\"ids\\":[${ids}],\\"hash\\":{${hash}}}}`;
  return `{"event":"pusher_internal:subscription_succeeded","channel":"${channel}","data":"${data}"}`;
}

/** Tells the others of a presence channel that a user came with its first connection. */
export function memberAdded(channel: string, userId: string, userInfo: string | null): string {
  const id = JSON.stringify(userId);
  const member = userInfo === null ? `{"user_id":${id}}` : `{"user_id":${id},"user_info":${userInfo}}`;
  return `{"event":"pusher_internal:member_added","channel":"${channel}","data":${JSON.stringify(member)}}`;
}

/** Tells the others of a presence channel that a user's last connection left. */
export function memberRemoved(channel: string, userId: string): string {
  const data = JSON.stringify(`{"user_id":${JSON.stringify(userId)}}`);
  return `{"event":"pusher_internal:member_removed","channel":"${channel}","data":${data}}`;
}

/** A cache channel has nothing to show to whom just subscribed. */
export function cacheMiss(channel: string): string {
  return `{"event":"pusher:cache_miss","channel":"${channel}","data":"{}"}`;
}

/** How many connections a channel without presence has. */
export function subscriptionCount(channel: string, count: number): string {
  return `{"event":"pusher_internal:subscription_count","channel":"${channel}","data":"{\\"subscription_count\\":${String(count)}}"}`;
}

/** The sign-in was accepted; `userData` comes back as the string that was sent. */
export function signInSuccess(userData: string): string {
  return JSON.stringify({ event: 'pusher:signin_success', data: { user_data: userData } });
}

/** Who of a watchlist is online and who is not; a list without users is left out. Ids hold nothing to be escaped. */
export function watchlistEvents(online: readonly string[], offline: readonly string[]): string {
  const events = [watchlistEvent('online', online), watchlistEvent('offline', offline)].filter((event) => event !== '');
  return `{"event":"pusher_internal:watchlist_events","data":{"events":[${events.join()}]}}`;
}

function watchlistEvent(name: 'online' | 'offline', userIds: readonly string[]): string {
  return userIds.length === 0 ? '' : `{"name":"${name}","user_ids":["${userIds.join('","')}"]}`;
}

/**
 * The two halves of an application's event, around the channel's name: a trigger on many channels encodes its data
 * once.
 */
export interface EventParts {
  readonly head: string;
  readonly tail: string;
}

/** Prepares an event of the application's server. */
export function eventParts(event: string, data: string): EventParts {
  return { head: `{"event":${JSON.stringify(event)},"channel":"`, tail: `","data":${JSON.stringify(data)}}` };
}

/** One client's event as the others get it; `userId` is the server's own knowledge and set on presence channels only. */
export function clientEventFrame(event: string, channel: string, data: string | null, userId: string | null): string {
  const dataField = data === null ? '' : `,"data":${JSON.stringify(data)}`;
  const userField = userId === null ? '' : `,"user_id":${JSON.stringify(userId)}`;
  return `{"event":${JSON.stringify(event)},"channel":"${channel}"${dataField}${userField}}`;
}
