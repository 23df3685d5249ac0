/** What a channel is, read from the front of its name. Pusher protocol, "Channels"; SPEC.md N1–N3. */
export type ChannelKind =
  | 'public'
  | 'cache'
  | 'private'
  | 'private-cache'
  | 'private-encrypted'
  | 'private-encrypted-cache'
  | 'presence'
  | 'presence-cache'
  | 'server-to-user';

/** Longest first: `private-encrypted-cache-x` must not be taken for `private-`. */
const PREFIXES: readonly (readonly [prefix: string, kind: ChannelKind])[] = [
  ['private-encrypted-cache-', 'private-encrypted-cache'],
  ['private-encrypted-', 'private-encrypted'],
  ['private-cache-', 'private-cache'],
  ['private-', 'private'],
  ['presence-cache-', 'presence-cache'],
  ['presence-', 'presence'],
  ['cache-', 'cache'],
  ['#server-to-user-', 'server-to-user'],
];

const NAME = /^[A-Za-z0-9_\-=@,.;]+$/;
export const SERVER_TO_USER_PREFIX = '#server-to-user-';

/** The longest user id that the protocol allows, in characters. */
export const MAX_USER_ID_LENGTH = 128;

/** The kind that a name's prefix says; only the front of the name counts. */
export function channelKind(name: string): ChannelKind {
  for (const [prefix, kind] of PREFIXES) {
    if (name.startsWith(prefix)) return kind;
  }
  return 'public';
}

/** Whether a name consists of the allowed characters and is 1 to `maxLength` characters long, prefix included. */
export function isChannelName(name: string, maxLength: number): boolean {
  if (name.length === 0 || name.length > maxLength) return false;
  if (name.startsWith(SERVER_TO_USER_PREFIX)) return isUserId(name.slice(SERVER_TO_USER_PREFIX.length));
  return NAME.test(name);
}

/** Whether a text may be the id of a user: the characters of channel names, 1 to 128 of them. */
export function isUserId(id: string): boolean {
  return id.length <= MAX_USER_ID_LENGTH && NAME.test(id);
}
