import { ApiError, isSignedOut, isUnreachable, readProblem } from './api-error.ts';
import { sendForm, type Answer, type UploadWatch } from './form-upload.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Who the server says is signed in here, with the token that goes with everything that changes something. */
export interface KnownSession {
  id: number;
  csrfToken: string;
}

export interface HttpClient {
  /**
   * One call to this server. Answers the decoded JSON (undefined for an empty answer); the shape is the server's word,
   * given by the types it exports. `lasting`: it goes out even while the page goes away.
   * @throws ApiError
   */
  request<T>(method: HttpMethod, path: string, body?: unknown, lasting?: boolean): Promise<T>;
  /** The same for a form with a file, which may take its time. @throws ApiError, `aborted` when the signal said so */
  upload<T>(path: string, form: FormData, watch: UploadWatch): Promise<T>;
  /** Null: nobody is signed in any more. */
  setSession(session: KnownSession | null): void;
}

export interface HttpObserver {
  /** After each call: could the server be talked to? */
  onReachable(reachable: boolean): void;
  /** The server does not know this browser any more. */
  onSignedOut(): void;
  /** In another tab somebody else has signed in: what is on the screen is not theirs. */
  onSomebodyElse(): void;
}

type Send = (headers: Record<string, string>) => Promise<Answer>;

/** A server that has not answered within this time is taken as not answering at all. */
const TIMEOUT_MS = 15_000;
const WHO_AM_I = '/api/v1/me';

export function createHttpClient(
  fetch: typeof globalThis.fetch,
  observer: HttpObserver,
  postForm: typeof sendForm = sendForm,
): HttpClient {
  let session: KnownSession | null = null;

  function fetching(method: HttpMethod, path: string, body?: unknown, lasting = false): Send {
    return (headers) => {
      if (body !== undefined) headers['Content-Type'] = 'application/json';
      const init: RequestInit = {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        keepalive: lasting,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      };
      if (body !== undefined) init.body = JSON.stringify(body);
      return fetch(path, init).then(readAnswer, noAnswer);
    };
  }

  async function exchange(send: Send, token: string | null): Promise<unknown> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (token !== null) headers['X-CSRF-Token'] = token;
    const { status, ok, text, retryAfter } = await send(headers);
    const json = parse(text);
    if (!ok) throw readProblem(status, json, retryAfter);
    if (json === undefined && text !== '') throw new ApiError(status, 'bad_answer', 'The answer is not JSON');
    return json;
  }

  function setSession(known: KnownSession | null): void {
    const before = session;
    session = known;
    if (before !== null && known !== null && before.id !== known.id) observer.onSomebodyElse();
  }

  /** Whoever signs in anew in another tab gets another token, and this one's is worth nothing. */
  async function hasNewToken(id: number, stale: string): Promise<boolean> {
    if (session?.csrfToken === stale) setSession((await exchange(fetching('GET', WHO_AM_I), null)) as KnownSession);
    return session?.id === id && session.csrfToken !== stale;
  }

  /** A change that was refused for its token is made once more with the present one. */
  async function change(send: Send): Promise<unknown> {
    const sent = session;
    try {
      return await exchange(send, sent?.csrfToken ?? null);
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 403 && error.code === 'forbidden';
      if (!refused || sent === null || !(await hasNewToken(sent.id, sent.csrfToken))) throw error;
      return exchange(send, session?.csrfToken ?? null);
    }
  }

  async function observed<T>(call: Promise<unknown>): Promise<T> {
    try {
      const answer = await call;
      observer.onReachable(true);
      return answer as T;
    } catch (error) {
      // What somebody gave up tells nothing of the server.
      if (!(error instanceof ApiError && error.code === 'aborted')) observer.onReachable(!isUnreachable(error));
      if (isSignedOut(error)) observer.onSignedOut();
      throw error;
    }
  }

  return {
    request<T>(method: HttpMethod, path: string, body?: unknown, lasting = false): Promise<T> {
      const send = fetching(method, path, body, lasting);
      return observed<T>(method === 'GET' ? exchange(send, null) : change(send));
    },
    upload<T>(path: string, form: FormData, watch: UploadWatch): Promise<T> {
      return observed<T>(change((headers) => postForm({ path, headers, form, ...watch })));
    },
    setSession,
  };
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
