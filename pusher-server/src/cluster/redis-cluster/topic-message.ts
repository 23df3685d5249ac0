import type { MemberDelta } from './replica.ts';

/** Every message begins with the id of the node that sent it. */
export const NODE_ID_LENGTH = 16;
/** Stands there instead when a script in Redis made the message: every node takes it. */
export const FROM_SCRIPT = '-'.repeat(NODE_ID_LENGTH);

/** What follows the sender's id: one character. */
const KIND = { event: 'e', added: '+', removed: '-', count: 'n', user: 'u', terminate: 'x', feed: 'f' } as const;
const EVENT = KIND.event.charCodeAt(0);
const NEWLINE = 10;
const BODY = NODE_ID_LENGTH + 1;

/** What travels over a channel's topic. The versions are Redis's own. */
export type TopicMessage =
  | { readonly kind: 'event'; readonly exceptSocketId: string | null; readonly frame: string }
  | MemberDelta
  | { readonly kind: 'count'; readonly count: number }
  | UserStatus
  | { readonly kind: 'terminate'; readonly reconnect: boolean }
  | { readonly kind: 'feed'; readonly event: string };

/** Whether a user is signed in anywhere; told on the topic of the user's own channel. */
export interface UserStatus {
  readonly kind: 'user';
  readonly version: number;
  readonly online: boolean;
}

/** An application's or client's event: `NODE e SOCKET-ID-OR-NOTHING newline FRAME`. */
export function eventMessage(nodeId: string, frame: string, exceptSocketId: string | null): string {
  return `${nodeId}e${exceptSocketId ?? ''}\n${frame}`;
}

/** A user's connections have to go: `NODE x 1|0`. */
export function terminateMessage(nodeId: string, reconnect: boolean): string {
  return `${nodeId}x${reconnect ? '1' : '0'}`;
}

/** Something for those who watch an app: `NODE f JSON`. */
export function feedMessage(nodeId: string, event: string): string {
  return `${nodeId}f${event}`;
}

/** Whether a message comes from this node; read from its first bytes alone. `nodeId` has `NODE_ID_LENGTH` bytes. */
export function isFrom(nodeId: Uint8Array, message: Uint8Array): boolean {
  for (let index = 0; index < NODE_ID_LENGTH; index++) {
    if (message[index] !== nodeId[index]) return false;
  }
  return true;
}

/** Reads a message; `null` for one that this node does not understand, as a newer one may send. */
export function decodeMessage(message: Buffer): TopicMessage | null {
  if (message[NODE_ID_LENGTH] !== EVENT) return decodeRare(message);
  const end = message.indexOf(NEWLINE, BODY);
  if (end < 0) return null;
  const exceptSocketId = end === BODY ? null : message.toString('latin1', BODY, end);
  return { kind: 'event', exceptSocketId, frame: message.toString('utf8', end + 1) };
}

function decodeRare(message: Buffer): TopicMessage | null {
  const body = message.toString('utf8', BODY);
  switch (String.fromCharCode(message[NODE_ID_LENGTH] ?? 0)) {
    case KIND.added:
    case KIND.removed:
      return decodeDelta(message[NODE_ID_LENGTH] === KIND.added.charCodeAt(0), body.split('\n'));
    case KIND.count:
      return wholeNumber(body) === null ? null : { kind: 'count', count: Number(body) };
    case KIND.user:
      return decodeUser(body.split('\n'));
    case KIND.terminate:
      return { kind: 'terminate', reconnect: body === '1' };
    case KIND.feed:
      return { kind: 'feed', event: body };
    default:
      return null;
  }
}

/** `VERSION newline USER` and, of one who came, `newline 1 USER-INFO` or `newline 0`. */
function decodeDelta(came: boolean, [first, userId, info]: readonly string[]): MemberDelta | null {
  const version = wholeNumber(first);
  if (version === null || userId === undefined || userId === '') return null;
  if (!came) return { kind: 'removed', version, userId };
  return { kind: 'added', version, userId, userInfo: info?.startsWith('1') === true ? info.slice(1) : null };
}

/** `VERSION newline 1|0`. */
function decodeUser([first, online]: readonly string[]): UserStatus | null {
  const version = wholeNumber(first);
  return version === null ? null : { kind: 'user', version, online: online === '1' };
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : null;
}
