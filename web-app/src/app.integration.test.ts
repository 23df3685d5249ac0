import { fork, spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, eventually, httpCaller, type HttpCaller } from '../../test-support/http-calls.ts';
import { signIn, type SignedInAgent } from '../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';
import type { ApiMe, ApiProblem } from './front-doors/console-api/wire.ts';

const entry = path.join(import.meta.dirname, '..', 'dist', 'main.js');

describe('web-app as a process', () => {
  let stack: Stack;
  let anybody: HttpCaller;
  let admin: SignedInAgent;
  const userName = 'admin';
  let password: string;

  beforeAll(async () => {
    stack = await startStack({ ownPostgres: true, pusherEnv: { PUSHER_SHUTDOWN_GRACE_MS: '100' } });
    anybody = httpCaller(stack.webUrl);
    password = stack.web.firstRun?.password ?? '';
    admin = await signIn(stack.webUrl, userName, password);
  });

  afterAll(async () => {
    await stack.stop();
  });

  it('on the first run makes an administrator with a password of 20 characters, and the demo business', async () => {
    expect(stack.web.firstRun).toEqual({ userName, password: expect.stringMatching(/^[a-zA-Z2-9]{20}$/) as string });
    const { body } = await anybody.get<{ business: { name: string } }>('/api/v1/config?business_id=demo');
    expect(body.business.name).toBe('青山器物');
  });

  it('is alive, ready, and leads to the console', async () => {
    expect((await anybody.get('/health')).status).toBe(200);
    expect((await anybody.get('/ready')).status).toBe(200);
    const root = await anybody.get('/');
    expect([root.status, root.headers.get('location')]).toEqual([302, '/console/']);
  });

  it('answers what is not there in the terms of whoever asked', async () => {
    const api = await anybody.get<ApiProblem>('/api/v1/nothing');
    expect(api.status).toBe(404);
    expect(api.headers.get('content-type')).toContain('application/problem+json');
    expect(api.body).toMatchObject({ status: 404, code: 'not_found' });
    const page = await anybody.get('/nothing');
    expect(page.status).toBe(404);
    expect(page.headers.get('content-type')).toContain('text/plain');
  });

  it('serves the official pusher-js to any site', async () => {
    const { status, headers, body } = await anybody.get<string>('/assets/libs/push/pusher.min.js');
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(body.includes('exports.Pusher=')).toBe(true);
  });

  it('gives every request an id, and every answer the headers of a careful site', async () => {
    const { headers } = await anybody.get('/api/v1/config?business_id=demo');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each([
    '/widget.js',
    '/assets/index/kefu_online.js',
    '/assets/js/index/kefu_online.js',
    '/assets/index/kefu_more.js',
  ])('sends %s compressed, and no answer of the API', async (path) => {
    const packed = anybody.with({ 'Accept-Encoding': 'gzip' });
    expect((await packed.get<string>(path)).headers.get('content-encoding')).toBe('gzip');
    expect((await packed.get('/api/v1/config?business_id=demo')).headers.get('content-encoding')).toBeNull();
  });

  describe('the demo page', () => {
    it.each([
      ['zh-CN,zh;q=0.9', 'zh-CN'],
      ['en-GB', 'en'],
      ['fr', 'en'],
    ])('speaks to Accept-Language %s in %s', async (language, expected) => {
      const { body } = await anybody.with({ 'Accept-Language': language }).get<string>('/demo');
      expect(body).toContain(`<html lang="${expected}">`);
    });

    it('includes the widget as documented, its own inline parts under a nonce that is never the same', async () => {
      const answers = [await anybody.get<string>('/demo?lang=en'), await anybody.get<string>('/demo?lang=en')];
      const nonces = answers.map(({ headers, body }) => {
        const nonce = /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? 'none';
        expect(body).toContain(`<script nonce="${nonce}">window.OpenKefu=`);
        expect(headers.get('content-security-policy')).not.toContain('unsafe');
        return nonce;
      });
      expect(nonces[0]).not.toBe(nonces[1]);
      expect(answers[0]?.body).toContain(`OpenKefu('boot',{"business_id":"demo"})`);
      expect(answers[0]?.body).toContain('<script async src="/widget.js"></script>');
    });

    it('shows for no business but a well-formed one', async () => {
      const page = async (id: string) => (await anybody.get<string>(`/demo?business_id=${id}`)).body;
      expect(await page('acme')).toContain(`{"business_id":"acme"}`);
      expect(await page(encodeURIComponent('</script><script>alert(1)'))).toContain(`{"business_id":"demo"}`);
    });
  });

  describe('sessions', () => {
    it('are rotated at sign-in, kept from scripts and from other sites', async () => {
      const first = await anybody.json<ApiMe>('POST', '/api/v1/session', { userName, password });
      const cookie = first.headers.getSetCookie()[0] ?? '';
      expect(cookie).toMatch(/HttpOnly/);
      expect(cookie).toMatch(/SameSite=Lax/);
      const known = anybody.with({ Cookie: cookiesOf(first) });
      const second = await known.json<ApiMe>('POST', '/api/v1/session', { userName, password });
      expect(cookiesOf(second)).not.toBe(cookiesOf(first));
      expect((await known.get('/api/v1/me')).status).toBe(401);
    });

    it('change nothing without their CSRF token, or for another site’s page', async () => {
      const withoutToken = anybody.with({ Cookie: admin.cookie });
      const change = { status: 'busy' };
      expect((await withoutToken.json('PUT', '/api/v1/me/status', change)).status).toBe(403);
      const wrong = withoutToken.with({ 'X-CSRF-Token': 'x'.repeat(admin.me.csrfToken.length) });
      expect((await wrong.json('PUT', '/api/v1/me/status', change)).status).toBe(403);
      const foreign = admin.calls.with({ Origin: 'https://evil.example' });
      expect((await foreign.json('PUT', '/api/v1/me/status', change)).status).toBe(403);
      const own = admin.calls.with({ Origin: stack.webUrl });
      expect((await own.json('PUT', '/api/v1/me/status', { status: 'online' })).status).toBe(200);
    });

    it('end with signing out, and a made-up cookie is nobody’s', async () => {
      const agent = await signIn(stack.webUrl, userName, password);
      expect((await agent.calls.json('DELETE', '/api/v1/session')).status).toBe(204);
      expect((await agent.calls.get('/api/v1/me')).status).toBe(401);
      const forged = anybody.with({ Cookie: 'openkefu_session=s%3Aforged.signature' });
      expect((await forged.get('/api/v1/me')).status).toBe(401);
    });
  });

  it('ends every session of an agent whose sessions are no longer valid', async () => {
    const agent = await signIn(stack.webUrl, userName, password);
    const pool = new pg.Pool({ connectionString: stack.databaseUrl, max: 1 });
    await pool.query('update agents set sessions_valid_from = now() where user_id = $1', [agent.me.id]);
    await pool.end();
    expect((await agent.calls.get('/api/v1/me')).status).toBe(401);
    expect((await admin.calls.get('/api/v1/me')).status).toBe(401);
    admin = await signIn(stack.webUrl, userName, password);
    expect((await admin.calls.get('/api/v1/me')).status).toBe(200);
  });

  it('answers 503 while the database is away, and by itself is whole again when it is back', async () => {
    await stack.killDatabase9();
    const away = await admin.calls.get<ApiProblem>('/api/v1/me');
    expect(away.status).toBe(503);
    expect(away.body).toMatchObject({ status: 503, code: 'unavailable' });
    expect((await anybody.get('/api/v1/config?business_id=nobody')).status).toBe(503);
    expect((await anybody.get('/ready')).status).toBe(503);
    expect((await anybody.get('/health')).status).toBe(200);

    await stack.restartDatabase();
    await eventually(
      () => anybody.get('/ready'),
      ({ status }) => status === 200,
    );
    expect((await admin.calls.get('/api/v1/me')).status).toBe(200);
    expect((await anybody.get('/api/v1/config?business_id=nobody')).status).toBe(404);
  });

  it('ends in order, with code 0, at SIGTERM', async () => {
    expect(await stack.web.stop()).toBe(0);
    await stack.restartWeb();
    expect(stack.web.firstRun).toBeUndefined();
  });

  it('ends when its parent is gone', async () => {
    const child = fork(entry, {
      env: { ...environment(stack), WEB_PORT: '0' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    expect(await exited).toBe(0);
  });

  describe('that cannot start', () => {
    it('says that its port is taken', async () => {
      const port = new URL(stack.webUrl).port;
      expect(await failedStart({ ...environment(stack), WEB_PORT: port })).toEqual({
        code: 1,
        said: `Port ${port} on 127.0.0.1 is taken by another program; free it or set WEB_PORT.`,
      });
    });

    it('says that nothing answers at DATABASE_URL', async () => {
      const nobody = await freePort();
      const url = `postgres://kefu:hidden-word@127.0.0.1:${nobody}/kefu`;
      expect(await failedStart({ ...environment(stack), DATABASE_URL: url })).toEqual({
        code: 1,
        said: `The database at 127.0.0.1:${nobody} cannot be reached; is PostgreSQL running there and DATABASE_URL right?`,
      });
    });

    it('says that the password is wrong, and not what it is', async () => {
      const url = new URL(stack.databaseUrl);
      url.password = 'hidden-word';
      const { code, said } = await failedStart({ ...environment(stack), DATABASE_URL: url.href });
      expect(code).toBe(1);
      expect(said).toBe(`The database at ${url.host} refused the user name or password of DATABASE_URL.`);
    });

    it('says that the database does not exist', async () => {
      const url = new URL(stack.databaseUrl);
      url.pathname = '/nowhere';
      const { code, said } = await failedStart({ ...environment(stack), DATABASE_URL: url.href });
      expect([code, said]).toEqual([
        1,
        `There is no database "nowhere" at ${url.host}; create it or correct DATABASE_URL.`,
      ]);
    });

    it('says that something at DATABASE_URL is no PostgreSQL', async () => {
      const url = `postgres://kefu@127.0.0.1:${new URL(stack.webUrl).port}/kefu`;
      const { code, said } = await failedStart({ ...environment(stack), DATABASE_URL: url });
      expect(code).toBe(1);
      expect(said.split('\n')).toHaveLength(1);
      expect(said).toContain('PostgreSQL');
    });

    it('says one line for each bad variable', async () => {
      const { code, said } = await failedStart({ ...environment(stack), WEB_PORT: 'x', PUSHER_SCHEME: 'ftp' });
      expect(code).toBe(1);
      expect(said.split('\n').sort()).toEqual([
        'PUSHER_SCHEME must be http or https',
        'WEB_PORT must be a port number from 0 to 65535',
      ]);
    });
  });
});

function environment(stack: Stack): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: stack.databaseUrl,
    PUSHER_PORT: String(stack.pusher.port),
    PUSHER_APP_ID: stack.app.id,
    PUSHER_APP_KEY: stack.app.key,
    PUSHER_APP_SECRET: stack.app.secret,
  };
}

async function failedStart(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said: said.trim() };
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
