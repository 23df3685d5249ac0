import type { RestReply } from '../transport/uws-http.ts';
import { RestError } from './errors.ts';

/** The answer to what was done and has nothing more to say. */
export const DONE: RestReply = { status: 200, body: '{}' };

/** A successful answer. */
export function ok(body: unknown): RestReply {
  return { status: 200, body: JSON.stringify(body) };
}

/** The answer to an unknown path. */
export const NOT_FOUND: RestReply = { status: 404, body: '{"error":"Not found","code":404}' };

/** A refusal in the form of the API; anything else is passed on. */
export function refusal(error: unknown): RestReply {
  if (!(error instanceof RestError)) throw error;
  const body = JSON.stringify({ error: error.message, code: error.status });
  return error.retryAfter === null
    ? { status: error.status, body }
    : { status: error.status, body, retryAfter: error.retryAfter };
}
