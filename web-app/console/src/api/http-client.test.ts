import { describe, expect, it } from 'vitest';
import { ApiError, isSignedOut, isTransient, isUnreachable } from './api-error.ts';
import type { sendForm } from './form-upload.ts';
import { createHttpClient } from './http-client.ts';

function client(answer: () => Response | Promise<Response>, postForm?: typeof sendForm) {
  const asked: { path: string; init: RequestInit }[] = [];
  const told: (boolean | string)[] = [];
  const http = createHttpClient(
    (path, init) => {
      asked.push({ path: path instanceof Request ? path.url : String(path), init: init ?? {} });
      return Promise.resolve().then(answer);
    },
    {
      onReachable: (reachable) => told.push(reachable),
      onSignedOut: () => told.push('signed out'),
      onSomebodyElse: () => told.push('somebody else'),
    },
    postForm,
  );
  return { http, asked, told };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

async function refusal(answer: () => Response | Promise<Response>): Promise<ApiError> {
  const { http } = client(answer);
  const error = await http.request('GET', '/x').catch((reason: unknown) => reason);
  if (!(error instanceof ApiError)) throw new Error('no ApiError was thrown');
  return error;
}

describe('the HTTP client', () => {
  it('sends the CSRF token with what changes something, and only with that', async () => {
    const { http, asked } = client(() => json(200, { ok: true }));
    http.setSession({ id: 7, csrfToken: 't' });
    await http.request('GET', '/a');
    await http.request('POST', '/b', { seq: 1 });
    expect(asked.map(({ init }) => new Headers(init.headers).get('X-CSRF-Token'))).toEqual([null, 't']);
    expect(asked[1]?.init.body).toBe('{"seq":1}');
  });

  describe('whose token another tab has made worthless', () => {
    const forbidden = () => json(403, { code: 'forbidden', detail: 'no' });
    const tokenOf = (init: RequestInit) => new Headers(init.headers).get('X-CSRF-Token');

    /** The server takes the token `new` alone, and says that it is this agent's. */
    function withNewToken(agentId: number) {
      const known = client(() => {
        const { path, init } = known.asked.at(-1) ?? { path: '', init: {} };
        if (path === '/api/v1/me') return json(200, { id: agentId, csrfToken: 'new' });
        return tokenOf(init) === 'new' ? json(200, { done: true }) : forbidden();
      });
      known.http.setSession({ id: 7, csrfToken: 'old' });
      return known;
    }

    it('asks for the present one, once, and repeats what was refused', async () => {
      const { http, asked } = withNewToken(7);
      expect(await http.request('POST', '/b', { seq: 1 })).toEqual({ done: true });
      expect(asked.map(({ path, init }) => [path, tokenOf(init)])).toEqual([
        ['/b', 'old'],
        ['/api/v1/me', null],
        ['/b', 'new'],
      ]);
      await http.request('PUT', '/c');
      expect(asked).toHaveLength(4);
    });

    it('repeats nothing in the name of somebody else', async () => {
      const { http, asked, told } = withNewToken(8);
      await expect(http.request('POST', '/b')).rejects.toMatchObject({ code: 'forbidden' });
      expect(asked.map(({ path }) => path)).toEqual(['/b', '/api/v1/me']);
      expect(told).toEqual(['somebody else', true]);
    });

    it('takes a refusal for what it is when the token was good', async () => {
      const { http, asked } = client(() =>
        asked.at(-1)?.path === '/api/v1/me' ? json(200, { id: 7, csrfToken: 'same' }) : forbidden(),
      );
      http.setSession({ id: 7, csrfToken: 'same' });
      await expect(http.request('POST', '/b')).rejects.toMatchObject({ code: 'forbidden' });
      expect(asked).toHaveLength(2);
      await expect(http.request('GET', '/b')).rejects.toMatchObject({ code: 'forbidden' });
      expect(asked).toHaveLength(3);
    });
  });

  it('uploads with the token, renews it as for any other change, and hears nothing of the server when given up', async () => {
    const sent: (string | undefined)[] = [];
    const watch = { progress: () => {}, signal: new AbortController().signal };
    const { http, told } = client(
      () => json(200, { id: 7, csrfToken: 'new' }),
      ({ headers }) => {
        sent.push(headers['X-CSRF-Token']);
        if (sent.length === 3) return Promise.reject(new ApiError(0, 'aborted', 'given up'));
        const ok = headers['X-CSRF-Token'] === 'new';
        const body = ok ? { key: 'k' } : { code: 'forbidden', detail: 'no' };
        return Promise.resolve({ status: ok ? 201 : 403, ok, text: JSON.stringify(body), retryAfter: null });
      },
    );
    http.setSession({ id: 7, csrfToken: 'old' });
    expect(await http.upload('/files', new FormData(), watch)).toEqual({ key: 'k' });
    await expect(http.upload('/files', new FormData(), watch)).rejects.toMatchObject({ code: 'aborted' });
    expect(sent).toEqual(['old', 'new', 'new']);
    expect(told).toEqual([true]);
  });

  it('answers undefined for an empty answer', async () => {
    const { http, told } = client(() => new Response(null, { status: 204 }));
    expect(await http.request('DELETE', '/session')).toBeUndefined();
    expect(told).toEqual([true]);
  });

  it('keeps the code and the time to wait of a refusal', async () => {
    const error = await refusal(() =>
      json(429, { code: 'rate_limited', detail: 'slow down' }, { 'Retry-After': '30' }),
    );
    expect(error).toMatchObject({ status: 429, code: 'rate_limited', retryAfter: 30 });
    expect([isTransient(error), isUnreachable(error)]).toEqual([true, false]);
  });

  it('takes no answer, half an answer and a proxy page as what may pass', async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('cut')) });
    const answers = [
      () => Promise.reject(new TypeError('Failed to fetch')),
      () => new Response(broken, { status: 200 }),
      () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
    ];
    for (const answer of answers) {
      const error = await refusal(answer);
      expect([isTransient(error), isUnreachable(error)]).toEqual([true, true]);
    }
  });

  it('does not take a page for data', async () => {
    expect(await refusal(() => new Response('<!doctype html>', { status: 200 }))).toMatchObject({ code: 'bad_answer' });
  });

  it('tells when the session is over', async () => {
    const { http, told } = client(() => json(401, { code: 'unauthorized', detail: 'sign in' }));
    const error = await http.request('GET', '/me').catch((reason: unknown) => reason);
    expect(isSignedOut(error)).toBe(true);
    expect(told).toEqual([true, 'signed out']);
  });
});
