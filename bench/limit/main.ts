import { connectionEstablished, subscriptionSucceeded } from '@openkefu/pusher-server/protocol/frames';
import { loadUws } from '../../pusher-server/src/transport/uws.ts';
import { BATCH_PATH, FRAME_MARK, JOIN_MARK, LEAVE_MARK, PUBLISH_PATH, SUBSCRIBE_MARK } from './wire.ts';

/**
 * The limit: a bare uWebSockets.js server that does only what no server can avoid. It sends ready-made frames, reads no
 * JSON, checks no signature and keeps nothing but a socket's last topic. What `wire.ts` says is all that it understands.
 */
interface UserData {
  topic: string;
}

const FIRST_FRAME = connectionEstablished('123456789.123456789', 120);
const ANSWER = subscriptionSucceeded('bench-channel');
const MAX_FRAME_BYTES = 256 * 1024;
const MAX_BACKPRESSURE = 16 * 1024 * 1024;
const [FRAME, SUBSCRIBE, JOIN, LEAVE] = [FRAME_MARK, SUBSCRIBE_MARK, JOIN_MARK, LEAVE_MARK].map((mark) =>
  mark.charCodeAt(0),
);
/** Answers to joins by their size: text like the real ones, which has to be made bytes when it is sent. */
const readyAnswers = new Map<number, string>();

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
    const mark = new Uint8Array(frame)[0];
    if (mark === FRAME) {
      ws.publish(data.topic, frame);
      return;
    }
    const [topic = '', ...more] = Buffer.from(frame, 1).toString('latin1').split('\n');
    if (mark === SUBSCRIBE) {
      data.topic = topic;
      ws.subscribe(topic);
      ws.send(ANSWER);
    } else if (mark === JOIN) {
      if (more[1] !== undefined) app.publish(topic, more[1]);
      ws.subscribe(topic);
      ws.send(readyAnswer(Number(more[0])));
    } else if (mark === LEAVE) {
      ws.unsubscribe(topic);
      if (more[0] !== undefined) app.publish(topic, more[0]);
    }
  },
});

app.post(`${PUBLISH_PATH}:topic`, (res, req) => {
  const topic = req.getParameter(0);
  res.onAborted(() => undefined);
  res.onData((chunk, isLast) => {
    requireWhole(isLast);
    app.publish(topic, chunk);
    res.end('{}');
  });
});

app.post(BATCH_PATH, (res) => {
  res.onAborted(() => undefined);
  res.onData((chunk, isLast) => {
    requireWhole(isLast);
    const parts = Buffer.from(chunk).toString('latin1').split('\n');
    for (let index = 0; index + 1 < parts.length; index += 2) app.publish(parts[index] ?? '', parts[index + 1] ?? '');
    res.end('{}');
  });
});

function readyAnswer(size: number): string {
  let answer = readyAnswers.get(size);
  if (answer === undefined) {
    // Made from bytes, so that it is one flat text.
    answer = Buffer.alloc(size, 'x').toString('latin1');
    readyAnswers.set(size, answer);
  }
  return answer;
}

/** The load generator writes a request in one piece, and its bodies are smaller than what is read at once. */
function requireWhole(isLast: boolean): void {
  if (!isLast) throw new Error('a body came in pieces');
}

app.listen('127.0.0.1', 0, (token) => {
  if (token === false) throw new Error('no free port');
  process.send?.({ type: 'ready', port: uws.us_socket_local_port(token) });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
