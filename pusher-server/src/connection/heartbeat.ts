import type { Connection } from './connection.ts';

/** What to do with a silent client. */
export interface HeartbeatActions {
  ping(connection: Connection): void;
  timeOut(connection: Connection): void;
}

const MIN_TICK_MS = 50;
const MAX_TICK_MS = 1_000;
const TICKS_PER_TIMEOUT = 20;

/**
 * Finds clients that have been silent for the activity timeout, pings them, and gives up those that stay silent for the
 * pong timeout. Only what comes *from* the client counts (SPEC.md C9). A wheel of slots: hearing something costs one
 * assignment, a connection is looked at about once in a timeout, and idle ones cost nothing in between.
 */
export class Heartbeat {
  readonly #activityTicks: number;
  readonly #pongTicks: number;
  readonly #slots: readonly Set<Connection>[];
  readonly #actions: HeartbeatActions;
  readonly #timer: NodeJS.Timeout;
  #tick = 0;

  /** Both timeouts in milliseconds. */
  constructor(activityTimeoutMs: number, pongTimeoutMs: number, actions: HeartbeatActions) {
    const shorter = Math.min(activityTimeoutMs, pongTimeoutMs);
    const tickMs = Math.min(Math.max(shorter / TICKS_PER_TIMEOUT, MIN_TICK_MS), MAX_TICK_MS);
    // One tick more than the timeout: what is heard late in a tick counts as heard at its beginning.
    this.#activityTicks = Math.ceil(activityTimeoutMs / tickMs) + 1;
    this.#pongTicks = Math.ceil(pongTimeoutMs / tickMs) + 1;
    this.#slots = Array.from({ length: Math.max(this.#activityTicks, this.#pongTicks) + 1 }, () => new Set());
    this.#actions = actions;
    this.#timer = setInterval(() => this.#advance(), tickMs);
    this.#timer.unref();
  }

  add(connection: Connection): void {
    connection.heardAt = this.#tick;
    this.#schedule(connection, this.#tick + this.#activityTicks);
  }

  /** Something came from the client. */
  heard(connection: Connection): void {
    connection.heardAt = this.#tick;
  }

  remove(connection: Connection): void {
    this.#slots[connection.slot]?.delete(connection);
    connection.slot = -1;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #schedule(connection: Connection, tick: number): void {
    connection.slot = tick % this.#slots.length;
    this.#slots[connection.slot]?.add(connection);
  }

  #advance(): void {
    this.#tick += 1;
    const slot = this.#slots[this.#tick % this.#slots.length];
    if (slot === undefined || slot.size === 0) return;
    const due = [...slot];
    slot.clear();
    for (const connection of due) {
      if (connection.slot !== -1) this.#check(connection);
    }
  }

  #check(connection: Connection): void {
    if (connection.pingedAt > connection.heardAt) {
      this.#actions.timeOut(connection);
      return;
    }
    const dueAt = connection.heardAt + this.#activityTicks;
    if (dueAt > this.#tick) {
      this.#schedule(connection, dueAt);
      return;
    }
    connection.pingedAt = this.#tick;
    this.#schedule(connection, this.#tick + this.#pongTicks);
    this.#actions.ping(connection);
  }
}
