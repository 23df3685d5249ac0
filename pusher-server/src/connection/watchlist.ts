import { isUserId } from '../protocol/channel-name.ts';

/** How many users one connection may watch. Pusher protocol, "Watchlist events"; SPEC.md U8. */
export const MAX_WATCHED = 100;

/** Whom a connection wants to watch, without repetitions; `tooMany` when the list was longer than what is watched. */
export interface Watchlist {
  readonly userIds: readonly string[];
  readonly tooMany: boolean;
}

/** Reads `watchlist` of `user_data`; `null` when it is no list of user ids. Absent is empty. */
export function readWatchlist(value: unknown): Watchlist | null {
  if (value === undefined || value === null) return { userIds: [], tooMany: false };
  if (!Array.isArray(value)) return null;
  const distinct = new Set<string>();
  for (const item of value as readonly unknown[]) {
    const id = typeof item === 'number' ? String(item) : item;
    if (typeof id !== 'string' || !isUserId(id)) return null;
    distinct.add(id);
  }
  const userIds = [...distinct];
  return { userIds: userIds.slice(0, MAX_WATCHED), tooMany: userIds.length > MAX_WATCHED };
}
