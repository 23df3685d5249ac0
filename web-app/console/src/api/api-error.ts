import type { ApiProblem } from '../../../src/front-doors/console-api/wire.ts';

/**
 * A call that did not succeed. `status` 0 means that no answer came, and then nobody knows whether the server did it.
 * `code` is the server's stable code, or the console's own `unreachable`, `timeout`, `bad_answer`.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds after which the server wants to be asked again; null when it said nothing. */
  readonly retryAfter: number | null;

  constructor(status: number, code: string, message: string, retryAfter: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** True when the same call may succeed later without anybody changing anything. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500;
}

/** True when the server, what stands before it or its database cannot serve now. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** True when the session is over. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Reads a refusal. A body that is not problem+json (a proxy's page) keeps the status and gets a code of ours. */
export function readProblem(status: number, body: unknown, retryAfterHeader: string | null): ApiError {
  const seconds = Number(retryAfterHeader);
  const retryAfter = retryAfterHeader !== null && Number.isFinite(seconds) ? seconds : null;
  if (isProblem(body)) return new ApiError(status, body.code, body.detail, retryAfter);
  return new ApiError(status, 'bad_answer', `The server answered ${status}`, retryAfter);
}

function isProblem(body: unknown): body is Pick<ApiProblem, 'code' | 'detail'> {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string'
  );
}
