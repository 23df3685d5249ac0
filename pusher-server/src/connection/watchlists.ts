import { sendTo } from '../channels/subscriber.ts';
import type { Cluster, OnlineUsers } from '../cluster/cluster.ts';
import { watchlistEvents } from '../protocol/frames.ts';
import type { Established } from './connection.ts';

interface Watching {
  readonly connection: Established;
  readonly userIds: readonly string[];
  /** Whether it has its first lists; until then it is told nothing, because the lists will hold it. */
  told: boolean;
}

/**
 * Who on this node watches whom. A user's coming or going costs as much as there are connections here that watch them,
 * and one look-up where there is none. SPEC.md U6–U8.
 */
export class Watchlists {
  readonly #cluster: Pick<Cluster, 'watch' | 'unwatch'>;
  readonly #report: (error: unknown) => void;
  readonly #watchers = new Map<string, Set<Watching>>();
  readonly #byConnection = new Map<Established, Watching>();

  constructor(cluster: Pick<Cluster, 'watch' | 'unwatch'>, report: (error: unknown) => void) {
    this.#cluster = cluster;
    this.#report = report;
  }

  /** A connection has signed in and wants to know of these users: it gets the lists, then every change. */
  watch(connection: Established, userIds: readonly string[]): void {
    if (userIds.length === 0) return;
    const appId = connection.app.id;
    const watching: Watching = { connection, userIds, told: false };
    this.#byConnection.set(connection, watching);
    for (const userId of userIds) {
      const key = keyOf(appId, userId);
      const watchers = this.#watchers.get(key) ?? new Set<Watching>();
      this.#watchers.set(key, watchers.add(watching));
    }
    this.#cluster
      .watch(appId, userIds)
      .then((online) => this.#tellLists(watching, online))
      .catch(this.#report);
  }

  /** A connection has gone. */
  forget(connection: Established): void {
    const watching = this.#byConnection.get(connection);
    if (watching === undefined) return;
    this.#byConnection.delete(connection);
    const appId = connection.app.id;
    for (const userId of watching.userIds) {
      const key = keyOf(appId, userId);
      const watchers = this.#watchers.get(key);
      watchers?.delete(watching);
      if (watchers?.size === 0) this.#watchers.delete(key);
    }
    this.#cluster.unwatch(appId, watching.userIds);
  }

  /** A user came or went. */
  userChanged(appId: string, userId: string, online: boolean): void {
    const watchers = this.#watchers.get(keyOf(appId, userId));
    if (watchers === undefined) return;
    const frame = online ? watchlistEvents([userId], []) : watchlistEvents([], [userId]);
    for (const { connection, told } of watchers) {
      if (told) sendTo(connection, frame);
    }
  }

  /** What is live is read in the step in which the connection begins to hear: no change falls between the two. */
  #tellLists(watching: Watching, users: OnlineUsers): void {
    const { connection, userIds } = watching;
    if (this.#byConnection.get(connection) !== watching) return;
    watching.told = true;
    const online = userIds.filter((userId) => users.has(userId));
    const offline = userIds.filter((userId) => !users.has(userId));
    sendTo(connection, watchlistEvents(online, offline));
  }
}

/** No app id holds a slash. */
function keyOf(appId: string, userId: string): string {
  return `${appId}/${userId}`;
}
