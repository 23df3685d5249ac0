import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import type { FallbackReceiver, ReceiverEvents } from './fallback-receiver.ts';
import { guard } from './guard.ts';
import { socketRequest, type SocketRequest, type SocketRequestOptions } from './socket-request.ts';
import type { RestReply, RestRequest, RestRoutes } from './uws-http.ts';

/** What became of frames that a client sent. */
export type SendResult = 'taken' | 'unknown-session' | 'no-frames' | 'overloaded';

/** Who takes the requests of the HTTP fallback. `id` names a session: app key, server number and session as sent. */
export interface FallbackHandlers {
  receive(id: string, request: SocketRequest, receiver: FallbackReceiver): ReceiverEvents;
  send(id: string, body: string): SendResult | Promise<SendResult>;
}

export interface FallbackOptions extends SocketRequestOptions {
  readonly pathPrefix: string;
  readonly report: (error: unknown) => void;
}

type Mode = FallbackReceiver['mode'];

/** pusher-js makes up a number below 1000 and 8 characters; other clients may be more careful. */
const SERVER_NUMBER = /^\d{1,3}$/;
const SESSION_NAME = /^[A-Za-z0-9_-]{8,64}$/;

const SEND_REPLIES: Readonly<Record<SendResult, RestReply>> = {
  taken: { status: 204, body: '' },
  'unknown-session': refusal(404, 'There is no such session: it has ended, or was never opened'),
  'no-frames': refusal(400, 'The body is not a JSON array of strings'),
  overloaded: { ...refusal(503, 'Too much waits for other processes'), retryAfter: 1 },
};
const BAD_SESSION = refusal(400, 'A session is a number of up to 3 digits, a slash, and 8 to 64 letters and digits');

/**
 * Serves the requests of pusher-js's `xhr_streaming` and `xhr_polling`, below `/pusher/app` and, for clients whose
 * `httpPath` is set, below `/app`.
 */
export function serveFallback(
  app: TemplatedApp,
  routes: RestRoutes,
  handlers: FallbackHandlers,
  options: FallbackOptions,
): void {
  const receive = (mode: Mode) =>
    guard(options.report, (res: HttpResponse, req: HttpRequest) => {
      const id = sessionId(req.getParameter(0), req.getParameter(1), req.getParameter(2));
      const receiver = new UwsReceiver(res, mode, options.report);
      if (id === null) receiver.refuse(BAD_SESSION);
      else receiver.run(() => handlers.receive(id, socketRequest(req, req.getParameter(0), options), receiver));
    });
  const send = ({ parameters: [key = '', server = '', session = ''], body }: RestRequest) => {
    const id = sessionId(key, server, session);
    if (id === null) return BAD_SESSION;
    const result = handlers.send(id, body.toString());
    return typeof result === 'string' ? SEND_REPLIES[result] : result.then((later) => SEND_REPLIES[later]);
  };
  for (const base of ['/pusher/app', '/app']) {
    const session = `${options.pathPrefix}${base}/:key/:server/:session`;
    app.post(`${session}/xhr_streaming`, receive('streaming'));
    app.post(`${session}/xhr`, receive('polling'));
    routes.post(`${session}/xhr_send`, send);
  }
}

/** Sessions of two apps never meet. */
function sessionId(key: string, server: string, session: string): string | null {
  return SERVER_NUMBER.test(server) && SESSION_NAME.test(session) ? `${key}/${server}/${session}` : null;
}

function refusal(status: number, error: string): RestReply {
  return { status, body: JSON.stringify({ error, code: status }) };
}

/** One response of the vendor's. */
class UwsReceiver implements FallbackReceiver {
  readonly mode: Mode;
  readonly #res: HttpResponse;
  readonly #report: (error: unknown) => void;
  #events: ReceiverEvents | null = null;
  #begun = false;
  #done = false;

  constructor(res: HttpResponse, mode: Mode, report: (error: unknown) => void) {
    this.mode = mode;
    this.#res = res;
    this.#report = report;
    res.onAborted(
      guard(report, () => {
        this.#done = true;
        this.#events?.gone();
      }),
    );
    if (mode === 'polling') return;
    // Without this handler the vendor would end an idle stream 10 s after it had once held something back.
    const writable = guard(report, () => this.#events?.writable());
    res.onWritable(() => {
      writable();
      return true;
    });
  }

  /** Hands the response to whom it is for; what goes wrong there ends it. */
  run(receive: () => ReceiverEvents): void {
    try {
      this.#events = receive();
    } catch (error) {
      this.#report(error);
      this.finish('');
    }
  }

  write(text: string): boolean {
    let keepsUp = true;
    if (this.#done) return keepsUp;
    this.#res.cork(() => {
      this.#begin('text/plain; charset=utf-8');
      keepsUp = this.#res.write(text);
    });
    return keepsUp;
  }

  finish(text: string, leaves = false): void {
    if (this.#done) return;
    this.#done = true;
    this.#res.cork(() => {
      this.#begin('text/plain; charset=utf-8');
      this.#res.end(text, leaves);
    });
  }

  abort(): void {
    if (this.#done) return;
    this.#done = true;
    this.#res.close();
  }

  refuse(reply: RestReply): void {
    this.#done = true;
    this.#res.writeStatus(`${String(reply.status)} Bad Request`);
    this.#begin('application/json');
    this.#res.end(reply.body);
  }

  #begin(contentType: string): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#res.writeHeader('Content-Type', contentType);
    // A browser that guesses the type, or a proxy that collects the body, would hold the first lines back.
    this.#res.writeHeader('X-Content-Type-Options', 'nosniff');
    this.#res.writeHeader('Cache-Control', 'no-store, no-transform');
    this.#res.writeHeader('X-Accel-Buffering', 'no');
    this.#res.writeHeader('Access-Control-Allow-Origin', '*');
  }
}
