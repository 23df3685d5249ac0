/** A request that is refused; `status` is also the `code` of its body. SPEC.md H2. */
export class RestError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 503;
  /** Seconds, for statuses that invite to come back. */
  readonly retryAfter: number | null;

  constructor(status: RestError['status'], message: string, retryAfter: number | null = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Something in the request is not of the form that the API asks for. */
export function badRequest(message: string): RestError {
  return new RestError(400, message);
}
