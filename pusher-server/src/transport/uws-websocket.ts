import type { HttpRequest, HttpResponse, us_socket_context_t, WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import { guard } from './guard.ts';
import type { AtHome, ServedApp } from './served-app.ts';
import type { Socket } from './socket.ts';
import { socketRequest, type SocketRequest, type SocketRequestOptions } from './socket-request.ts';

/** Who takes the sockets. `create` comes right before `open`, so that a close inside `open` finds its connection. */
export interface SocketHandlers<Connection> {
  create(socket: Socket): Connection;
  open(connection: Connection, request: SocketRequest): void;
  message(connection: Connection, frame: ArrayBuffer, isBinary: boolean): void;
  heard(connection: Connection): void;
  /** A frame for this client was dropped because it owes too much; it must not be closed before the next tick. */
  overflowed(connection: Connection): void;
  closed(connection: Connection): void;
}

export interface SocketOptions extends SocketRequestOptions {
  readonly pathPrefix: string;
  /** Of one frame, in bytes. Frames up to several times this size still come through and are answered. */
  readonly maxFrameBytes: number;
  /** How long, in seconds, a client may be silent before our own heartbeat has closed it. */
  readonly longestSilence: number;
  readonly report: (error: unknown) => void;
}

/** What hangs on the vendor's socket: the request until it is opened, our connection from then on. */
interface UserData<Connection> extends AtHome {
  request: SocketRequest | null;
  connection: Connection | null;
}

/** uWebSockets.js ends a connection whose frame is larger without a closing handshake, so this is far above the limit. */
const NATIVE_FRAME_FACTOR = 16;
/** The sweep of slow readers acts long before; a small value would lose frames of healthy readers in one burst. */
const MAX_BACKPRESSURE = 16 * 1024 * 1024;
/**
 * Seconds without a byte in either direction after which the vendor drops a socket. It only ever meets those that our
 * heartbeat has let go of: a client that was closed and does not read holds its buffer until then. One of two fixed
 * values, well above our own timeouts, or none: others would end the process or healthy connections.
 */
const IDLE_BACKSTOPS = [240, 960];
const BACKSTOP_MARGIN = 60;

/** Serves `/app/:key` and takes every other upgrade too, since only a close code can tell a browser what is wrong. */
export function serveWebSockets<Connection>(
  served: ServedApp,
  handlers: SocketHandlers<Connection>,
  options: SocketOptions,
): void {
  const behavior = (hasKey: boolean): WebSocketBehavior<UserData<Connection>> => ({
    maxPayloadLength: options.maxFrameBytes * NATIVE_FRAME_FACTOR,
    maxBackpressure: MAX_BACKPRESSURE,
    idleTimeout: IDLE_BACKSTOPS.find((seconds) => seconds > options.longestSilence + BACKSTOP_MARGIN) ?? 0,
    // Their answers would look like signs of life of the client.
    sendPingsAutomatically: false,
    upgrade: guard(options.report, (res, req, context) => upgrade(served, res, req, context, hasKey, options)),
    open: guard(options.report, (ws) => {
      const data = ws.getUserData();
      const { request } = data;
      if (request === null) return;
      data.request = null;
      served.sockets += 1;
      data.connection = handlers.create(asSocket(ws));
      handlers.open(data.connection, request);
    }),
    message: guard(options.report, (ws, frame, isBinary) => {
      const { connection } = ws.getUserData();
      if (connection !== null) handlers.message(connection, frame, isBinary);
    }),
    ping: guard(options.report, (ws) => heard(ws)),
    pong: guard(options.report, (ws) => heard(ws)),
    dropped: guard(options.report, (ws) => {
      const { connection } = ws.getUserData();
      if (connection !== null) handlers.overflowed(connection);
    }),
    close: guard(options.report, (ws) => {
      const { connection } = ws.getUserData();
      if (connection === null) return;
      served.sockets -= 1;
      handlers.closed(connection);
    }),
  });
  const heard = (ws: WebSocket<UserData<Connection>>) => {
    const { connection } = ws.getUserData();
    if (connection !== null) handlers.heard(connection);
  };
  served.app.ws(`${options.pathPrefix}/app/:key`, behavior(true));
  served.app.ws('/*', behavior(false));
}

function upgrade(
  home: ServedApp,
  res: HttpResponse,
  req: HttpRequest,
  context: us_socket_context_t,
  hasKey: boolean,
  options: SocketOptions,
): void {
  const request = socketRequest(req, hasKey ? req.getParameter(0) : null, options);
  res.upgrade<UserData<unknown>>(
    { home, request, connection: null },
    req.getHeader('sec-websocket-key'),
    // A client takes one of the protocols that it offered, never the whole list.
    req.getHeader('sec-websocket-protocol').split(',')[0]?.trim() ?? '',
    req.getHeader('sec-websocket-extensions'),
    context,
  );
}

/** The vendor's socket has all that a `Socket` has; only the values that its methods return differ. */
function asSocket<Data>(ws: WebSocket<Data>): Socket {
  return ws;
}
