import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppInput } from '../../src/apps/app.ts';
import { APP } from '../start.ts';
import { FallbackServer } from './fallback-server.ts';
import { framesOf, newSession } from './http-client.ts';

let fallback: FallbackServer;

beforeEach(async () => {
  fallback = await FallbackServer.open();
});
afterEach(() => fallback.close());

describe('opening a session', () => {
  it('T1, T2, T13: a streamed response begins with o and the greeting', async () => {
    const stream = await fallback.session().stream();
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({ 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' });
    expect(await stream.next()).toBe('o');
    const [greeting] = framesOf(await stream.next());
    expect(greeting?.event).toBe('pusher:connection_established');
    expect(JSON.parse(String(greeting?.data))).toMatchObject({ activity_timeout: 120 });
  });

  it('T1: the path prefix counts, and /app is served like /pusher/app', async () => {
    await fallback.restart({}, { pathPrefix: '/rt' });
    for (const base of ['/rt/pusher/app', '/rt/app']) {
      const opened = await fallback.session(`${base}/${APP.key}/${newSession()}`).poll();
      expect(opened.text).toMatch(/^o\na\["\{\\"event\\":\\"pusher:connection_established/);
    }
    expect((await fallback.session(`/pusher/app/${APP.key}/${newSession()}`).poll()).status).toBe(404);
  });

  const refusals: readonly [code: number, app: Partial<AppInput>, key: string, query: string][] = [
    [4001, {}, 'nobody', 'protocol=7'],
    [4003, { enabled: false }, APP.key, 'protocol=7'],
    [4000, { tlsOnly: true }, APP.key, 'protocol=7'],
    [4004, { maxConnections: 0 }, APP.key, 'protocol=7'],
    [4006, {}, APP.key, 'protocol=x'],
    [4007, {}, APP.key, 'protocol=9'],
    [4009, { allowedOrigins: ['good.example'] }, APP.key, 'protocol=7'],
  ];
  it.each(refusals)('T2, C2–C7: a refusal is a frame and the close code %i', async (code, app, key, query) => {
    await fallback.restart(app);
    const stream = await fallback
      .session(`/pusher/app/${key}/${newSession()}`)
      .stream(query, { Origin: 'http://bad.example' });
    expect(await stream.next()).toBe('o');
    expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:error', data: { code } }]);
    expect(await stream.next()).toMatch(new RegExp(`^c\\[${String(code)},`));
    expect(await stream.next()).toBeNull();
  });

  it('T2: a refusal in one poll', async () => {
    const answer = await fallback.session(`/pusher/app/nobody/${newSession()}`).poll();
    expect(answer.text).toMatch(/^o\na\["\{\\"event\\":\\"pusher:error.*\nc\[4001,"[^"]+"\]\n$/);
  });

  it.each(['1000/abcdefgh', 'x/abcdefgh', '1/short', '1/abcdefgh!', '1/%00%00%00%00%00%00%00%00'])(
    'T4: %s is no session',
    async (name) => {
      const opened = fallback.session(`/pusher/app/${APP.key}/${name}`);
      expect((await opened.poll()).status).toBe(400);
      expect((await opened.stream()).status).toBe(400);
      expect(await opened.frames()).toMatchObject({ status: 400 });
    },
  );

  it('T13: a preflight is answered without a session', async () => {
    const url = `http://127.0.0.1:${String(fallback.server.port)}/pusher/app/nobody/1/abcdefgh/xhr_send`;
    const preflight = await fetch(url, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Content-Type');
    expect((await fetch(url)).status).toBe(404);
  });
});
