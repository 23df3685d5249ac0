import { randomUUID } from 'node:crypto';
import type { Logger } from '../logger.ts';
import type { RestHandler, RestReply, RestRequest } from '../transport/uws-http.ts';

/** What a caller may call its request; anything else gets an id of ours. */
const REQUEST_ID = /^[\w.:-]{1,100}$/;

/**
 * Logs every call at debug level, and what fails inside the server at error level, with an id that the answer carries
 * as `X-Request-Id`: the caller's own where it sent one. The query is left out, it holds the signature. SPEC.md L25.
 */
export function logged(log: Logger, handler: RestHandler): RestHandler {
  return (request) => {
    try {
      const reply = handler(request);
      if (!(reply instanceof Promise)) return answered(log, request, reply);
      return reply.then(
        (answer) => answered(log, request, answer),
        (error: unknown) => failed(log, request, error),
      );
    } catch (error) {
      return failed(log, request, error);
    }
  };
}

function answered(log: Logger, request: RestRequest, reply: RestReply): RestReply {
  if (!log.isLevelEnabled('debug')) return reply;
  const requestId = requestIdOf(request);
  log.debug({ requestId, ...describe(request), status: reply.status }, 'request');
  return { ...reply, requestId };
}

/** What went wrong is for the log; the caller learns only that it was not its own fault. */
function failed(log: Logger, request: RestRequest, error: unknown): RestReply {
  const requestId = requestIdOf(request);
  log.error({ requestId, ...describe(request), status: 500, err: error }, 'request failed');
  return { status: 500, body: '{"error":"Internal server error","code":500}', requestId };
}

function requestIdOf({ requestId }: RestRequest): string {
  return REQUEST_ID.test(requestId) ? requestId : randomUUID();
}

function describe({ method, path, receivedAt, body }: RestRequest): object {
  const durationMs = Math.round((performance.now() - receivedAt) * 1_000) / 1_000;
  return { method, path, bytes: body.length, durationMs };
}
