import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../../../../test-support/api-visit.ts';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type { ApiMe, ApiProblem } from './wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string) => ({ user_name, nick_name: user_name, password: PASSWORD, max_conversations: 500 });

let stack: Stack;
let anybody: HttpCaller;
let alice: SignedInAgent;

beforeAll(async () => {
  stack = await startStack({
    bootstrap: { businesses: [{ business_id: 'acme', agents: [agent('alice'), agent('dave')] }] },
  });
  anybody = httpCaller(stack.webUrl);
  alice = await signIn(stack.webUrl, 'alice', PASSWORD);
});

afterAll(() => stack.stop());

describe('an agent signs in', () => {
  it('A17: a wrong name and a wrong password are the same', async () => {
    const wrong = (body: object) => anybody.json<ApiProblem>('POST', '/api/v1/session', body);
    const name = await wrong({ userName: 'nobody-here', password: PASSWORD });
    const password = await wrong({ userName: 'alice', password: 'wrong' });
    expectProblem(name, 401, 'unauthorized');
    expect(password.body).toEqual(name.body);
    expect(name.headers.getSetCookie()).toEqual([]);
  });

  it('A17: signing out ends the session', async () => {
    const { calls } = await signIn(stack.webUrl, 'alice', PASSWORD);
    expect((await calls.get('/api/v1/me')).status).toBe(200);
    expect((await calls.json('DELETE', '/api/v1/session')).status).toBe(204);
    expectProblem(await calls.get('/api/v1/me'), 401, 'unauthorized');
  });

  it('A18: the status is the agent’s own choice', async () => {
    const { calls } = await signIn(stack.webUrl, 'dave', PASSWORD);
    const set = await calls.json<ApiMe>('PUT', '/api/v1/me/status', { status: 'busy' });
    expect(set).toMatchObject({ status: 200, body: { userName: 'dave', status: 'busy', online: false } });
    expect((await calls.get<ApiMe>('/api/v1/me')).body.status).toBe('busy');
    expectProblem(await calls.json('PUT', '/api/v1/me/status', { status: 'asleep' }), 422, 'invalid');
  });

  it('A6: what changes something needs the CSRF token, and no foreign Origin', async () => {
    const { cookie, calls } = await signIn(stack.webUrl, 'alice', PASSWORD);
    const cookieOnly = httpCaller(stack.webUrl, { Cookie: cookie });
    const put = (caller: HttpCaller) => caller.json('PUT', '/api/v1/me/status', { status: 'online' });
    expectProblem(await put(cookieOnly), 403, 'forbidden');
    expectProblem(await put(cookieOnly.with({ 'X-CSRF-Token': 'x'.repeat(43) })), 403, 'forbidden');
    expectProblem(await put(calls.with({ Origin: 'https://evil.example' })), 403, 'forbidden');
    expect((await put(calls.with({ Origin: stack.webUrl }))).status).toBe(200);
    const credentials = { userName: 'alice', password: PASSWORD };
    expectProblem(
      await anybody.with({ Origin: 'https://evil.example' }).json('POST', '/api/v1/session', credentials),
      403,
      'forbidden',
    );
  });
});

it('A5: answers are not cached, refusals included, apart from GET /config', async () => {
  const kept = async (path: string) => (await alice.calls.get(path)).headers.get('cache-control');
  expect(await kept('/api/v1/me')).toBe('no-store');
  expect(await kept('/api/v1/conversations?view=mine')).toBe('no-store');
  expect(await kept('/api/v1/conversations/0')).toBe('no-store');
  expect(await kept('/api/v1/config?business_id=acme')).toMatch(/^public, max-age=\d+$/);
});

describe('bodies', () => {
  const path = '/api/v1/visitor-session';

  it('A1: JSON that cannot be read', async () => {
    for (const body of ['{', '"text"', 'null', '{"businessId":}', '\u0000']) {
      expectProblem(await anybody.raw('POST', path, 'application/json', body), 400, 'malformed');
    }
  });

  it('A1: another content type', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
    ]) {
      expectProblem(await anybody.raw('POST', path, type, 'businessId=acme'), 415, 'unsupported_media_type');
    }
    expectProblem(
      await anybody.raw('POST', path, 'application/json; charset=klingon', '{}'),
      415,
      'unsupported_media_type',
    );
  });

  it('A1: too large', async () => {
    const body = JSON.stringify({ businessId: 'acme', page: 'x'.repeat(300 * 1024) });
    expectProblem(await anybody.raw('POST', path, 'application/json', body), 413, 'too_large');
  });

  it('A4: a path that does not exist, and one that cannot be decoded', async () => {
    expect((await anybody.get('/api/v1/nothing')).status).toBe(404);
    expectProblem(await alice.calls.get('/api/v1/conversations/%E0%A4%A'), 400, 'malformed');
  });
});
