import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { guard } from './guard.ts';
import { EventStream, type StreamSource } from './uws-event-stream.ts';

/** A request whose body has come whole. `body` is good until the handler returns or first awaits: copy what stays. */
export interface RestRequest {
  readonly method: 'GET' | 'POST';
  /** As sent, not decoded: it is part of what is signed. */
  readonly path: string;
  readonly query: string;
  /** What the `:names` of the route stand for, as sent. */
  readonly parameters: readonly string[];
  readonly body: Buffer;
  /** When its head came, in milliseconds of `performance.now()`. */
  readonly receivedAt: number;
  /** `X-Request-Id` as sent; empty when there is none. */
  readonly requestId: string;
}

export interface RestReply {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
  /** Seconds, for `Retry-After`. */
  readonly retryAfter?: number;
  /** For `X-Request-Id`. */
  readonly requestId?: string;
  /** Makes it an event stream that begins with the head and goes on; there is no body then. */
  readonly stream?: StreamSource;
}

export type RestHandler = (request: RestRequest) => RestReply | Promise<RestReply>;

export interface HttpOptions {
  readonly maxBodyBytes: number;
  readonly report: (error: unknown) => void;
}

/** A body over the limit is still read up to here, so that its sender gets to read the answer. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;
const NO_BODY = Buffer.alloc(0);

const STATUS_LINES: Readonly<Record<number, string>> = {
  200: '200 OK',
  202: '202 Accepted',
  204: '204 No Content',
  400: '400 Bad Request',
  401: '401 Unauthorized',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  409: '409 Conflict',
  413: '413 Content Too Large',
  422: '422 Unprocessable Content',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  503: '503 Service Unavailable',
};

/** Registers handlers for REST calls; one object for all routes of a server. */
export class RestRoutes {
  readonly #app: TemplatedApp;
  readonly #options: HttpOptions;
  /** Shared with the requests that are being answered. */
  readonly #draining = { isOn: false };
  #pending = 0;
  #idle: (() => void)[] = [];

  constructor(app: TemplatedApp, options: HttpOptions) {
    this.#app = app;
    this.#options = options;
  }

  get(pattern: string, handler: RestHandler): void {
    this.#app.get(pattern, this.#route('GET', pattern, handler));
  }

  post(pattern: string, handler: RestHandler): void {
    this.#app.post(pattern, this.#route('POST', pattern, handler));
  }

  /** Answers every other request: preflights with what is allowed, the rest with `reply`. */
  otherwise(reply: RestReply): void {
    this.#app.options(
      '/*',
      guard(this.#options.report, (res: HttpResponse) => {
        res.writeStatus('204 No Content');
        res.writeHeader('Access-Control-Allow-Origin', '*');
        res.writeHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
        res.writeHeader(
          'Access-Control-Allow-Headers',
          'Authorization, Content-Type, X-Requested-With, X-Pusher-Library',
        );
        res.writeHeader('Access-Control-Max-Age', '86400');
        res.endWithoutBody();
      }),
    );
    this.#app.any(
      '/*',
      guard(this.#options.report, (res: HttpResponse) => writeReply(res, reply)),
    );
  }

  /** From now on an answer is the last on its connection, so that the sender's next request finds another server. */
  drain(): void {
    this.#draining.isOn = true;
  }

  /** Resolves when no request is being answered. */
  idle(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  #route(method: RestRequest['method'], pattern: string, handler: RestHandler) {
    const parameterCount = pattern.split('/:').length - 1;
    return guard(this.#options.report, (res: HttpResponse, req: HttpRequest) => {
      const parameters: string[] = [];
      for (let index = 0; index < parameterCount; index++) parameters.push(req.getParameter(index));
      const query: string | undefined = req.getQuery();
      const answering = new Answering(res, this.#options.report, this.#settled, this.#draining);
      this.#pending += 1;
      const request = {
        method,
        path: req.getUrl(),
        query: query ?? '',
        parameters,
        body: NO_BODY,
        receivedAt: performance.now(),
        requestId: req.getHeader('x-request-id'),
      };
      if (method === 'GET') answering.run(handler, request);
      else this.#readBody(res, answering, request, handler);
    });
  }

  #readBody(
    res: HttpResponse,
    answering: Answering,
    request: RestRequest & { body: Buffer },
    handler: RestHandler,
  ): void {
    const { maxBodyBytes, report } = this.#options;
    let chunks: Buffer[] | null = null;
    let size = 0;
    res.onData(
      guard(report, (chunk: ArrayBuffer, isLast: boolean) => {
        if (answering.settled) return;
        size += chunk.byteLength;
        if (size > maxBodyBytes) {
          chunks = null;
          if (isLast || size > MAX_DISCARDED_BYTES) answering.reply(tooLarge(maxBodyBytes), !isLast);
        } else if (!isLast) {
          // The bytes are the vendor's and gone when this returns.
          (chunks ??= []).push(Buffer.from(chunk.slice(0)));
        } else {
          request.body = chunks === null ? Buffer.from(chunk) : Buffer.concat([...chunks, Buffer.from(chunk)]);
          answering.run(handler, request);
        }
      }),
    );
  }

  /** One function for all requests. */
  readonly #settled = () => {
    this.#pending -= 1;
    if (this.#pending > 0 || this.#idle.length === 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  };
}

/** One request until it is answered or its sender has gone. */
class Answering {
  readonly #res: HttpResponse;
  readonly #report: (error: unknown) => void;
  readonly #settle: () => void;
  readonly #draining: { readonly isOn: boolean };
  #stream: EventStream | null = null;
  settled = false;

  constructor(
    res: HttpResponse,
    report: (error: unknown) => void,
    settle: () => void,
    draining: { readonly isOn: boolean },
  ) {
    this.#res = res;
    this.#report = report;
    this.#settle = settle;
    this.#draining = draining;
    res.onAborted(
      guard(report, () => {
        this.#finish();
        this.#stream?.gone();
      }),
    );
  }

  run(handler: RestHandler, request: RestRequest): void {
    try {
      const reply = handler(request);
      if (!(reply instanceof Promise)) {
        this.reply(reply, false);
        return;
      }
      reply
        .catch((error: unknown) => this.#failure(error))
        .then((answer) => {
          if (!this.settled) this.#res.cork(() => this.reply(answer, false));
        })
        .catch(this.#report);
    } catch (error) {
      this.reply(this.#failure(error), false);
    }
  }

  reply(reply: RestReply, closeConnection: boolean): void {
    if (this.settled) return;
    this.#finish();
    if (reply.stream === undefined) {
      writeReply(this.#res, reply, closeConnection || this.#draining.isOn);
      return;
    }
    // Nothing is owed any more: a stream ends when either side likes, and nobody waits for it.
    this.#stream = new EventStream(this.#res, reply.stream, this.#report);
    this.#stream.begin();
  }

  #finish(): void {
    if (this.settled) return;
    this.settled = true;
    this.#settle();
  }

  /** What went wrong is for the log; the caller learns only that it was not its own fault. */
  #failure(error: unknown): RestReply {
    this.#report(error);
    return { status: 500, body: '{"error":"Internal server error","code":500}' };
  }
}

function writeReply(res: HttpResponse, reply: RestReply, closeConnection = false): void {
  if (reply.status !== 200) res.writeStatus(STATUS_LINES[reply.status] ?? String(reply.status));
  res.writeHeader('Content-Type', 'application/json');
  res.writeHeader('Access-Control-Allow-Origin', '*');
  if (reply.requestId !== undefined) res.writeHeader('X-Request-Id', reply.requestId);
  if (reply.retryAfter !== undefined) res.writeHeader('Retry-After', String(reply.retryAfter));
  if (reply.status === 204) res.endWithoutBody();
  else res.end(reply.body, closeConnection);
}

function tooLarge(maxBodyBytes: number): RestReply {
  const error = `The request body exceeds the allowed maximum (${String(maxBodyBytes)} bytes)`;
  return { status: 413, body: JSON.stringify({ error, code: 413 }) };
}
