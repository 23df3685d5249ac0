import { userChannel } from './keys.ts';

/** One thing that a node holds in a bucket. A user's `name` is the channel under which it lives. */
export interface LedgerItem {
  readonly kind: 'channel' | 'member' | 'user';
  readonly appId: string;
  readonly name: string;
  readonly userId: string | null;
}

/** The field under which a ledger holds a user. Those of channels and members are written by the scripts alone. */
export function userItem(appId: string, userId: string): string {
  return `u${appId}\0${userChannel(userId)}\0${userId}`;
}

/** Reads a ledger's field: its kind, then app NUL channel, and NUL user where there is one. */
export function readItem(field: string): LedgerItem {
  const [appId = '', name = '', userId = null] = field.slice(1).split('\0');
  const kind = field.startsWith('c') ? 'channel' : field.startsWith('m') ? 'member' : 'user';
  return { kind, appId, name, userId };
}
