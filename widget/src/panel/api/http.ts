import type { ApiProblem } from '../../../../web-app/src/front-doors/console-api/wire.ts';

export const API = '/api/v1';
const TIMEOUT_MS = 15_000;

/** A call that gave no answer (`status` 0) or was refused. `code` is the API's own, or `unreachable`. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  /** When a limit says to come back, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(status: number, code: string, retryAfterMs: number | null = null, options?: ErrorOptions) {
    super(`${code} (${status})`, options);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether the same call may succeed later: no answer, too many calls, or the server's own trouble. */
export function isTransient(failure: unknown): boolean {
  return (
    failure instanceof ApiFailure &&
    [0, 408, 429].concat(failure.status >= 500 ? failure.status : []).includes(failure.status)
  );
}

export interface Call {
  method: 'GET' | 'POST';
  /** Below `/api/v1`. */
  path: string;
  token?: string;
  body?: object;
  /** Asks the server itself, not a cache on the way. */
  fresh?: boolean;
  /** Goes out even while the page goes away. */
  lasting?: boolean;
}

/**
 * One call of the chat server's API, which also serves this page. The answer's shape is the server's word (`wire.ts`).
 * @throws ApiFailure for everything but a 2xx answer
 */
export async function request<Answer>({ method, path, token, body, fresh, lasting }: Call): Promise<Answer> {
  const response = await fetch(API + path, {
    method,
    headers: {
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(fresh ? { cache: 'reload' as const } : {}),
    ...(lasting ? { keepalive: true } : {}),
    // The visitor is known by the token alone; an agent's cookie in the same browser is not sent.
    credentials: 'omit',
    signal: timeLimit(),
  }).catch((error: unknown) => {
    throw new ApiFailure(0, 'unreachable', null, { cause: error });
  });
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return undefined as Answer;
  return (await response.json().catch((error: unknown) => {
    throw new ApiFailure(0, 'unreachable', null, { cause: error });
  })) as Answer;
}

/**
 * A file that the API answers.
 * @throws ApiFailure for everything but a 2xx answer
 */
export async function download(path: string, token: string): Promise<Blob> {
  const unreachable = (error: unknown) => {
    throw new ApiFailure(0, 'unreachable', null, { cause: error });
  };
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(API + path, { headers, credentials: 'omit', signal: timeLimit() }).catch(unreachable);
  if (!response.ok) throw await refusal(response);
  return response.blob().catch(unreachable);
}

async function refusal(response: Response): Promise<ApiFailure> {
  const problem = (await response.json().catch(() => ({}))) as Partial<ApiProblem>;
  return refusedAs(response.status, problem, response.headers.get('Retry-After'));
}

/** @param retryAfter the header of that name, in seconds */
export function refusedAs(status: number, { code }: Partial<ApiProblem>, retryAfter: string | null): ApiFailure {
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  return new ApiFailure(
    status,
    typeof code === 'string' ? code : 'unknown',
    Number.isNaN(seconds) ? null : seconds * 1000,
  );
}

/** Safari before 16 has no `AbortSignal.timeout`. */
function timeLimit(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), TIMEOUT_MS);
  return controller.signal;
}
