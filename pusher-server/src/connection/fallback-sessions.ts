import { decodeSentFrames } from '../protocol/fallback-frames.ts';
import type { FallbackReceiver, ReceiverEvents } from '../transport/fallback-receiver.ts';
import type { FallbackHandlers, SendResult } from '../transport/uws-fallback.ts';
import type { UpgradeRequest } from './admission.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { FallbackSession } from './fallback-session.ts';
import type { FallbackTopics } from './fallback-topics.ts';

const TICK_MS = 1_000;

interface Holding {
  readonly session: FallbackSession;
  readonly connection: Connection;
}

/**
 * The sessions of the HTTP fallback on this node, by the id that their client made up. Each is a connection like any
 * other; this class joins requests to them. SPEC.md T.
 */
export class FallbackSessions implements FallbackHandlers {
  readonly #connections: Connections;
  readonly #topics: FallbackTopics;
  readonly #sessions = new Map<string, Holding>();
  readonly #timer: NodeJS.Timeout;
  #idle: (() => void)[] = [];

  constructor(connections: Connections, topics: FallbackTopics) {
    this.#connections = connections;
    this.#topics = topics;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** A client asks for what there is for its session; a session that is not known begins now. */
  receive(id: string, request: UpgradeRequest, receiver: FallbackReceiver): ReceiverEvents {
    const known = this.#sessions.get(id);
    if (known !== undefined) {
      this.#connections.heard(known.connection);
      const events = known.session.attach(receiver);
      known.session.flush();
      return events;
    }
    const { session, connection } = this.#begin(id);
    const events = session.attach(receiver);
    this.#connections.open(connection, request);
    session.flush();
    return events;
  }

  /** A client sends frames on its session. */
  send(id: string, body: string): SendResult {
    const holding = this.#sessions.get(id);
    if (holding?.session.isOpen !== true) return 'unknown-session';
    const frames = decodeSentFrames(body);
    if (frames === null) return 'no-frames';
    const { session, connection } = holding;
    if (frames.length === 0) {
      this.#connections.heard(connection);
      session.answerSignOfLife();
    }
    // A connection that ends in the middle takes no more, and says so itself.
    for (const frame of frames) this.#connections.text(connection, frame);
    return 'taken';
  }

  /** Resolves when every client has been told what there was for it. */
  idle(): Promise<void> {
    return this.#sessions.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Gives up what is left. */
  close(): void {
    clearInterval(this.#timer);
    for (const { session } of [...this.#sessions.values()]) session.drop();
  }

  #begin(id: string): Holding {
    const session: FallbackSession = new FallbackSession(this.#topics, {
      closed: () => this.#connections.closed(connection),
      overflowed: () => this.#connections.overflowed(connection),
      finished: () => this.#finished(id),
    });
    const connection = this.#connections.create(session);
    const holding = { session, connection };
    this.#sessions.set(id, holding);
    return holding;
  }

  #finished(id: string): void {
    this.#sessions.delete(id);
    if (this.#sessions.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #tick(): void {
    const now = performance.now();
    for (const { session } of this.#sessions.values()) session.tick(now);
  }
}
