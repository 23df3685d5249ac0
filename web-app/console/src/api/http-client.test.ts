import { describe, expect, it } from 'vitest';
import { ApiError, isSignedOut, isTransient, isUnreachable } from './api-error.ts';
import { createHttpClient } from './http-client.ts';

function client(answer: () => Response | Promise<Response>) {
  const asked: { path: string; init: RequestInit }[] = [];
  const told: (boolean | 'signed out')[] = [];
  const http = createHttpClient(
    (path, init) => {
      asked.push({ path: path instanceof Request ? path.url : String(path), init: init ?? {} });
      return Promise.resolve().then(answer);
    },
    { onReachable: (reachable) => told.push(reachable), onSignedOut: () => told.push('signed out') },
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
    http.setCsrfToken('t');
    await http.request('GET', '/a');
    await http.request('POST', '/b', { seq: 1 });
    expect(asked.map(({ init }) => new Headers(init.headers).get('X-CSRF-Token'))).toEqual([null, 't']);
    expect(asked[1]?.init.body).toBe('{"seq":1}');
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
