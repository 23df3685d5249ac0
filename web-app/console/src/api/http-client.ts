import { ApiError, isSignedOut, isUnreachable, readProblem } from './api-error.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface HttpClient {
  /**
   * One call to this server. Answers the decoded JSON (undefined for an empty answer); the shape is the server's word,
   * given by the types it exports.
   * @throws ApiError
   */
  request<T>(method: HttpMethod, path: string, body?: unknown): Promise<T>;
  /** Sent back with everything that changes something. */
  setCsrfToken(token: string | null): void;
}

export interface HttpObserver {
  /** After each call: could the server be talked to? */
  onReachable(reachable: boolean): void;
  /** The server does not know this browser any more. */
  onSignedOut(): void;
}

/** A server that has not answered within this time is taken as not answering at all. */
const TIMEOUT_MS = 15_000;

export function createHttpClient(fetch: typeof globalThis.fetch, observer: HttpObserver): HttpClient {
  let csrfToken: string | null = null;

  async function exchange(method: HttpMethod, path: string, body: unknown): Promise<unknown> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (csrfToken !== null && method !== 'GET') headers['X-CSRF-Token'] = csrfToken;
    const init: RequestInit = {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    if (body !== undefined) init.body = JSON.stringify(body);
    const { status, ok, text, retryAfter } = await fetch(path, init).then(readAnswer, noAnswer);
    const json = parse(text);
    if (!ok) throw readProblem(status, json, retryAfter);
    if (json === undefined && text !== '') throw new ApiError(status, 'bad_answer', 'The answer is not JSON');
    return json;
  }

  return {
    async request<T>(method: HttpMethod, path: string, body?: unknown): Promise<T> {
      try {
        const answer = await exchange(method, path, body);
        observer.onReachable(true);
        return answer as T;
      } catch (error) {
        observer.onReachable(!isUnreachable(error));
        if (isSignedOut(error)) observer.onSignedOut();
        throw error;
      }
    },
    setCsrfToken(token) {
      csrfToken = token;
    },
  };
}

interface Answer {
  status: number;
  ok: boolean;
  text: string;
  retryAfter: string | null;
}

async function readAnswer(response: Response): Promise<Answer> {
  // A connection that breaks in the middle of the body is no answer either.
  const text = await response.text().catch(noAnswer);
  return { status: response.status, ok: response.ok, text, retryAfter: response.headers.get('Retry-After') };
}

function noAnswer(cause: unknown): never {
  const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
  throw new ApiError(0, timedOut ? 'timeout' : 'unreachable', 'The server did not answer', null, { cause });
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What is not JSON is a proxy's page; the caller decides by the status.
    return undefined;
  }
}
