import type { App } from '../apps/app.ts';
import type { AppRegistry } from '../apps/app-registry.ts';
import type { ChannelRegistry } from '../channels/channel-registry.ts';
import { leave, type Joining } from '../channels/join.ts';
import { sendTo } from '../channels/subscriber.ts';
import { CLOSE, type Refusal } from '../protocol/errors.ts';
import { connectionEstablished, errorFrame, PING_FRAME } from '../protocol/frames.ts';
import type { Socket } from '../transport/socket.ts';
import { checkApp, checkRequest, introductionOf, type UpgradeRequest } from './admission.ts';
import { Connection, Established } from './connection.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import { complain, handleMessage, type Handling } from './handle-message.ts';
import { Heartbeat } from './heartbeat.ts';
import type { SlowReaders } from './slow-readers.ts';
import { confirmSignIn } from './sign-in.ts';
import { newSocketId } from './socket-id.ts';
import type { Watchlist } from './watchlist.ts';
import { Watchlists } from './watchlists.ts';

/** Bounds and times of connections; bytes and seconds. */
export interface ConnectionLimits {
  readonly activityTimeout: number;
  readonly pongTimeout: number;
  readonly maxFrameBytes: number;
  readonly maxConnections: number;
  readonly strictProtocol: boolean;
}

/** What connections are made of. */
export interface ConnectionsDependencies extends Joining {
  readonly apps: AppRegistry;
  readonly channels: ChannelRegistry;
  readonly registry: ConnectionRegistry;
  readonly slowReaders: SlowReaders;
  readonly limits: ConnectionLimits;
}

/** The life of every connection of this node: opened, heard, closed. The transport calls it, whatever carries the bytes. */
export class Connections {
  readonly #deps: ConnectionsDependencies;
  readonly #heartbeat: Heartbeat;
  readonly #handling: Handling;
  readonly #watchlists: Watchlists;
  #draining = false;

  constructor(deps: ConnectionsDependencies) {
    this.#deps = deps;
    const { activityTimeout, pongTimeout } = deps.limits;
    this.#handling = { ...deps, signedIn: (...signedIn) => this.#signedIn(...signedIn) };
    this.#watchlists = new Watchlists(deps.cluster, deps.report);
    this.#heartbeat = new Heartbeat(activityTimeout * 1_000, pongTimeout * 1_000, {
      ping: (connection) => {
        if (connection.state.kind === 'established') sendTo(connection.state, PING_FRAME);
      },
      timeOut: (connection) => connection.end(CLOSE.pongTimeout, 'Pong reply not received in time'),
    });
  }

  /** A socket has been upgraded. */
  create(socket: Socket): Connection {
    return new Connection(socket);
  }

  /** Lets a client in, or refuses it; only now, because a browser cannot read why an upgrade failed. */
  open(connection: Connection, request: UpgradeRequest): void {
    const refusal = this.#draining
      ? { code: CLOSE.reconnect, message: 'The server is going away' }
      : checkRequest(request, this.#deps.limits.strictProtocol);
    if (refusal !== null) {
      this.#refuse(connection, refusal);
      return;
    }
    const app = this.#deps.apps.byKey(request.key ?? '');
    if (app instanceof Promise) {
      app
        .then(
          (found) => this.#admit(connection, request, found),
          () => this.#admissionFailed(connection),
        )
        .catch(this.#deps.report);
    } else {
      this.#admit(connection, request, app);
    }
  }

  /** A whole frame came; its bytes are good until this returns. */
  message(connection: Connection, frame: ArrayBuffer, isBinary: boolean): void {
    const state = this.#received(connection, frame.byteLength);
    if (state === null) return;
    if (isBinary) complain(state, 'Binary frames are not supported: a frame is text, one JSON object');
    else handleMessage(this.#handling, state, Buffer.from(frame).toString());
  }

  /** A whole frame came some other way than over a WebSocket. */
  text(connection: Connection, frame: string): void {
    const state = this.#received(connection, Buffer.byteLength(frame));
    if (state !== null) handleMessage(this.#handling, state, frame);
  }

  /** A control frame came: a sign of life and nothing more. */
  heard(connection: Connection): void {
    this.#heartbeat.heard(connection);
  }

  /** The client owes so much that a frame was lost to it. */
  overflowed(connection: Connection): void {
    this.#deps.slowReaders.giveUp(connection);
  }

  /** The connection is gone, from whichever side. */
  closed(connection: Connection): void {
    const { state } = connection;
    connection.markClosed();
    if (state.kind !== 'established') return;
    this.#heartbeat.remove(connection);
    this.#deps.registry.remove(state, connection);
    state.traffic.disconnections += 1;
    for (const subscription of state.subscriptions) {
      leave(this.#deps, state.channels, state, subscription, false);
    }
    const { user, socketId } = state;
    if (user !== null) this.#signedOut(state, user.id);
    state.channels.feed?.tell({ event: 'connection_closed', socket_id: socketId, user_id: user?.id ?? null });
  }

  /** A user's first connection anywhere signed in, or the last one went. */
  userChanged(appId: string, userId: string, online: boolean): void {
    this.#watchlists.userChanged(appId, userId, online);
  }

  /**
   * Ends the connections here of a signed-in user: for good (4009), or so that their clients come back at once and have
   * to be authorised anew (4200). SPEC.md U5.
   */
  terminateUser(appId: string, userId: string, reconnect: boolean): void {
    const code = reconnect ? CLOSE.reconnect : CLOSE.unauthorized;
    for (const connection of this.#deps.registry.ofUser(appId, userId)) {
      this.#refuse(connection, { code, message: 'You got disconnected by the app.' });
    }
  }

  /** Turns newcomers away from now on: the server is about to stop. */
  drain(): void {
    this.#draining = true;
  }

  close(): void {
    this.#heartbeat.close();
  }

  /** Notes that a frame came; `null` when nothing may be done about it. */
  #received(connection: Connection, bytes: number): Established | null {
    this.#heartbeat.heard(connection);
    const { state } = connection;
    if (state.kind !== 'established') return null;
    state.traffic.messagesReceived += 1;
    state.traffic.bytesReceived += bytes;
    if (bytes <= this.#deps.limits.maxFrameBytes) return state;
    complain(state, `The frame exceeds the allowed maximum (${String(this.#deps.limits.maxFrameBytes)} bytes)`);
    return null;
  }

  /** The app may exist, so the client is told to come back; whoever looked for it says why it could not be found. */
  #admissionFailed(connection: Connection): void {
    if (connection.state.kind !== 'opening') return;
    this.#refuse(connection, { code: CLOSE.overCapacity, message: 'The app cannot be looked up now' });
  }

  #admit(connection: Connection, request: UpgradeRequest, app: App | null): void {
    if (connection.state.kind !== 'opening') return;
    const { registry, limits, channels, cluster } = this.#deps;
    const refusal = checkApp(app, request, {
      appConnections: app === null ? 0 : registry.count(app.id) + cluster.connectionsElsewhere(app.id),
      nodeConnections: registry.total,
      maxNodeConnections: limits.maxConnections,
    });
    if (refusal !== null || app === null) {
      if (refusal !== null) this.#refuse(connection, refusal);
      return;
    }
    const established = new Established(
      newSocketId(),
      connection.socket,
      app,
      channels.of(app.id),
      introductionOf(request),
    );
    connection.state = established;
    registry.add(established, connection);
    established.traffic.connections += 1;
    this.#heartbeat.add(connection);
    if (established.app.settings.userAuthenticationTimeoutMs > 0) this.#awaitAuthorization(connection, established);
    const { socketId, client, origin } = established;
    sendTo(established, connectionEstablished(socketId, limits.activityTimeout));
    established.channels.feed?.tell({ event: 'connection_opened', socket_id: socketId, client, origin });
  }

  /** Apps may ask that a connection signs in or joins a channel that needs a signature, within a time. SPEC.md C10. */
  #awaitAuthorization(connection: Connection, established: Established): void {
    const timer = setTimeout(() => {
      if (connection.state !== established || isAuthorized(established)) return;
      this.#refuse(connection, { code: CLOSE.unauthorized, message: 'Connection not authorized within timeout' });
    }, established.app.settings.userAuthenticationTimeoutMs);
    timer.unref();
  }

  /** The client hears that it is signed in when what other nodes order for its user is heard here. SPEC.md K51. */
  #signedIn(established: Established, watchlist: Watchlist, userData: string): void {
    const { registry, cluster, report } = this.#deps;
    const connection = registry.connection(established);
    const { app, user, socketId, channels } = established;
    if (user === null || connection === null) return;
    registry.addUser(app.id, user.id, connection);
    const hearing = cluster.applyUser(app.id, user.id, registry.countOfUser(app.id, user.id));
    const confirm = () => {
      if (registry.connection(established) !== connection) return;
      confirmSignIn(established, userData, watchlist);
      this.#watchlists.watch(established, watchlist.userIds);
      channels.feed?.tell({ event: 'signed_in', socket_id: socketId, user_id: user.id });
    };
    if (hearing === null) confirm();
    else hearing.then(confirm).catch(report);
  }

  /** A connection that was signed in has gone. */
  #signedOut(established: Established, userId: string): void {
    const { registry, cluster } = this.#deps;
    const { app } = established;
    this.#watchlists.forget(established);
    void cluster.applyUser(app.id, userId, registry.countOfUser(app.id, userId));
  }

  #refuse(connection: Connection, refusal: Refusal): void {
    connection.socket.send(errorFrame(refusal));
    connection.end(refusal.code, refusal.message);
  }
}

function isAuthorized(established: Established): boolean {
  if (established.user !== null) return true;
  return [...established.subscriptions].some(({ channel }) => channel.rules.authorization !== 'none');
}
