import { connectionEstablished, subscriptionSucceeded } from '@openkefu/pusher-server/protocol/frames';
import { loadUws } from '../../pusher-server/src/transport/uws.ts';
import { PUBLISH_PATH, SUBSCRIBE_MARK } from './wire.ts';

/**
 * The limit: a bare uWebSockets.js server that does only what no server can avoid. It sends ready-made frames, reads no
 * JSON, checks no signature and keeps nothing but a socket's last topic. What `wire.ts` says is all that it understands.
 */
interface UserData {
  topic: string;
}

const FIRST_FRAME = connectionEstablished('123456789.123456789', 120);
const ANSWER = subscriptionSucceeded('bench-channel');
const SUBSCRIBE = SUBSCRIBE_MARK.charCodeAt(0);
const MAX_FRAME_BYTES = 256 * 1024;
const MAX_BACKPRESSURE = 16 * 1024 * 1024;

const uws = await loadUws();
const app = uws.App();

app.ws<UserData>('/*', {
  maxPayloadLength: MAX_FRAME_BYTES,
  maxBackpressure: MAX_BACKPRESSURE,
  idleTimeout: 0,
  sendPingsAutomatically: false,
  upgrade: (res, req, context) => {
    res.upgrade<UserData>(
      { topic: '' },
      req.getHeader('sec-websocket-key'),
      req.getHeader('sec-websocket-protocol'),
      req.getHeader('sec-websocket-extensions'),
      context,
    );
  },
  open: (ws) => void ws.send(FIRST_FRAME),
  message: (ws, frame) => {
    const data = ws.getUserData();
    if (new Uint8Array(frame)[0] !== SUBSCRIBE) {
      ws.publish(data.topic, frame);
      return;
    }
    data.topic = Buffer.from(frame, 1).toString('latin1');
    ws.subscribe(data.topic);
    ws.send(ANSWER);
  },
});

app.post(`${PUBLISH_PATH}:topic`, (res, req) => {
  const topic = req.getParameter(0);
  res.onAborted(() => undefined);
  res.onData((chunk, isLast) => {
    // The load generator writes a request in one piece, and its body is smaller than what is read at once.
    if (!isLast) throw new Error('a body came in pieces');
    app.publish(topic, chunk);
    res.end('{}');
  });
});

app.listen('127.0.0.1', 0, (token) => {
  if (token === false) throw new Error('no free port');
  process.send?.({ type: 'ready', port: uws.us_socket_local_port(token) });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
