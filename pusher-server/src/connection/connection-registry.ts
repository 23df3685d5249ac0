import type { Connection, Established } from './connection.ts';

/** The established connections of this node, by app and socket id. */
export class ConnectionRegistry {
  readonly #apps = new Map<string, Map<string, Connection>>();
  readonly #users = new Map<string, Set<Connection>>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(established: Established, connection: Connection): void {
    const { id } = established.app;
    const connections = this.#apps.get(id) ?? new Map<string, Connection>();
    this.#apps.set(id, connections);
    connections.set(established.socketId, connection);
    this.#total += 1;
  }

  remove(established: Established, connection: Connection): void {
    if (this.#apps.get(established.app.id)?.delete(established.socketId) === true) this.#total -= 1;
    if (established.user === null) return;
    const key = userKey(established.app.id, established.user.id);
    const connections = this.#users.get(key);
    connections?.delete(connection);
    if (connections?.size === 0) this.#users.delete(key);
  }

  /** A connection has signed in. */
  addUser(appId: string, userId: string, connection: Connection): void {
    const key = userKey(appId, userId);
    const connections = this.#users.get(key) ?? new Set<Connection>();
    this.#users.set(key, connections.add(connection));
  }

  /** The connections here that are signed in as a user. */
  ofUser(appId: string, userId: string): readonly Connection[] {
    return [...(this.#users.get(userKey(appId, userId)) ?? [])];
  }

  /** How many connections here are signed in as a user. */
  countOfUser(appId: string, userId: string): number {
    return this.#users.get(userKey(appId, userId))?.size ?? 0;
  }

  /** How many connections an app has here. */
  count(appId: string): number {
    return this.#apps.get(appId)?.size ?? 0;
  }

  /** The connection with this socket id, if it is one of this node's. */
  find(appId: string, socketId: string): Established | null {
    const state = this.#apps.get(appId)?.get(socketId)?.state;
    return state?.kind === 'established' ? state : null;
  }

  /** The connection whose state this is. */
  connection(established: Established): Connection | null {
    return this.#apps.get(established.app.id)?.get(established.socketId) ?? null;
  }

  /** The connections of an app; safe against connections that close while they are walked over. */
  of(appId: string): Iterable<Connection> {
    return this.#apps.get(appId)?.values() ?? [];
  }

  apps(): Iterable<string> {
    return this.#apps.keys();
  }

  *all(): Generator<Connection> {
    for (const connections of this.#apps.values()) yield* connections.values();
  }
}

/** No app id holds a slash. */
function userKey(appId: string, userId: string): string {
  return `${appId}/${userId}`;
}
