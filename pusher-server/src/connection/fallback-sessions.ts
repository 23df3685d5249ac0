import type { Cluster } from '../cluster/cluster.ts';
import { decodeSentFrames } from '../protocol/fallback-frames.ts';
import type { FallbackReceiver, ReceiverEvents } from '../transport/fallback-receiver.ts';
import type { FallbackHandlers, SendResult } from '../transport/uws-fallback.ts';
import type { UpgradeRequest } from './admission.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { FallbackNeighbours } from './fallback-neighbours.ts';
import { FallbackSession } from './fallback-session.ts';
import type { FallbackTopics } from './fallback-topics.ts';

const TICK_MS = 1_000;

interface Holding {
  readonly session: FallbackSession;
  readonly connection: Connection;
}

/** What sessions are made of. */
export interface FallbackDependencies {
  readonly connections: Connections;
  readonly topics: FallbackTopics;
  readonly cluster: Cluster;
  /** How long another process that says nothing is believed alive. */
  readonly leaseMs: number;
  readonly report: (error: unknown) => void;
}

/**
 * The sessions of the HTTP fallback on this node, by the id that their client made up. Each is a connection like any
 * other; this class joins requests to them, those of sessions in other processes too. SPEC.md T.
 */
export class FallbackSessions implements FallbackHandlers {
  readonly #deps: FallbackDependencies;
  readonly #neighbours: FallbackNeighbours;
  readonly #sessions = new Map<string, Holding>();
  readonly #timer: NodeJS.Timeout;
  #idle: (() => void)[] = [];
  #isClosed = false;

  constructor(deps: FallbackDependencies) {
    this.#deps = deps;
    this.#neighbours = new FallbackNeighbours(deps.cluster, deps.leaseMs, {
      wake: (id) => this.#wake(id)?.session ?? null,
      take: (id, body) => this.#take(id, body),
      unburdened: () => this.#settle(),
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** A client asks for what there is for its session; a session that nobody knows begins now. */
  receive(id: string, request: UpgradeRequest, receiver: FallbackReceiver): ReceiverEvents {
    const owner = this.#sessions.has(id) ? null : this.#deps.cluster.findSession(id);
    if (owner === null) return this.#receiveHere(id, request, receiver);
    return this.#receiveLater(id, request, receiver, Promise.resolve(owner));
  }

  /** A client sends frames on its session. */
  send(id: string, body: string): SendResult | Promise<SendResult> {
    if (this.#sessions.has(id)) return this.#take(id, body);
    const { cluster } = this.#deps;
    const owner = this.#neighbours.ownerOf(id) ?? cluster.findSession(id);
    if (owner === null) return 'unknown-session';
    return Promise.resolve(owner).then((found) => {
      if (found === null || found === cluster.nodeId || this.#sessions.has(id)) return this.#take(id, body);
      return this.#neighbours.pass(found, id, body);
    });
  }

  /** Another process says something about sessions. */
  hear(message: string): void {
    this.#neighbours.hear(message);
  }

  /** Another process has opened this session; its client does not come back to the one that is here. */
  taken(id: string): void {
    this.#sessions.get(id)?.session.drop();
  }

  /** Resolves when every client has been told what there was for it, and clients of other processes have been sent on. */
  idle(): Promise<void> {
    this.#neighbours.leave();
    return this.#isIdle() ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Gives up what is left. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#neighbours.close();
    for (const { session } of [...this.#sessions.values()]) session.drop();
  }

  #receiveHere(id: string, request: UpgradeRequest, receiver: FallbackReceiver): ReceiverEvents {
    const known = this.#wake(id);
    if (known !== null) {
      const events = known.session.attach(receiver);
      known.session.flush();
      return events;
    }
    return this.#open(id, request, receiver);
  }

  /** Until it is known where the session is, only the client's leaving matters. */
  #receiveLater(
    id: string,
    request: UpgradeRequest,
    receiver: FallbackReceiver,
    finding: Promise<string | null>,
  ): ReceiverEvents {
    let events: ReceiverEvents | null = null;
    let hasGone = false;
    const here = () => {
      if (this.#isClosed) receiver.abort();
      else if (!hasGone) events = this.#receiveHere(id, request, receiver);
    };
    finding
      .then((owner) => {
        const isElsewhere = owner !== null && owner !== this.#deps.cluster.nodeId && !this.#sessions.has(id);
        if (hasGone || this.#isClosed || !isElsewhere) here();
        else events = this.#neighbours.relay(owner, id, receiver, here);
      })
      .catch(this.#deps.report);
    return {
      writable: () => events?.writable(),
      gone: () => {
        hasGone = true;
        events?.gone();
      },
    };
  }

  /** The client is not let in before other processes know where its session is: its next request may reach them. */
  #open(id: string, request: UpgradeRequest, receiver: FallbackReceiver): ReceiverEvents {
    const { session, connection } = this.#begin(id);
    const events = session.attach(receiver);
    const open = () => {
      if (!session.isOpen) return;
      this.#deps.connections.open(connection, request);
      session.flush();
    };
    const known = this.#deps.cluster.sessionOpened(id);
    if (known === null) open();
    else known.then(open).catch(this.#deps.report);
    return events;
  }

  /** The session, whose client has shown that it lives. */
  #wake(id: string): Holding | null {
    const known = this.#sessions.get(id);
    if (known === undefined) return null;
    this.#deps.connections.heard(known.connection);
    return known;
  }

  #take(id: string, body: string): SendResult {
    const holding = this.#sessions.get(id);
    if (holding?.session.isOpen !== true) return 'unknown-session';
    const frames = decodeSentFrames(body);
    if (frames === null) return 'no-frames';
    const { session, connection } = holding;
    if (frames.length === 0) {
      this.#deps.connections.heard(connection);
      session.answerSignOfLife();
    }
    // A connection that ends in the middle takes no more, and says so itself.
    for (const frame of frames) this.#deps.connections.text(connection, frame);
    return 'taken';
  }

  #begin(id: string): Holding {
    const { connections, topics } = this.#deps;
    const session: FallbackSession = new FallbackSession(topics, {
      closed: () => connections.closed(connection),
      overflowed: () => connections.overflowed(connection),
      finished: () => this.#finished(id),
    });
    const connection = connections.create(session);
    const holding = { session, connection };
    this.#sessions.set(id, holding);
    return holding;
  }

  #finished(id: string): void {
    this.#sessions.delete(id);
    this.#deps.cluster.sessionClosed(id);
    this.#settle();
  }

  #isIdle(): boolean {
    return this.#sessions.size === 0 && this.#neighbours.burden === 0;
  }

  #settle(): void {
    if (!this.#isIdle()) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #tick(): void {
    const now = performance.now();
    for (const { session } of this.#sessions.values()) session.tick(now);
    this.#neighbours.tick(now);
  }
}
