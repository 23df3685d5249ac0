import { request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../test-support/websocket-client.ts';
import type { AppInput } from '../../src/apps/app.ts';
import type { Config } from '../../src/config.ts';
import { userAuth } from '../../src/protocol/signature.ts';
import { frame, greeted, settled, subscribed, subscribeFrame } from '../frames.ts';
import { APP, startTestServer, type TestServer } from '../start.ts';
import { framesIn, framesOf, HttpSession, newSession, socketIdIn, type LineStream } from './http-client.ts';

let server: TestServer;
const sessions: HttpSession[] = [];

async function restart(app: Partial<AppInput> = {}, config: Partial<Config> = {}): Promise<void> {
  await server.stop();
  server = await startTestServer([app], config);
}

function session(path?: string): HttpSession {
  const opened = new HttpSession(server.port, path);
  sessions.push(opened);
  return opened;
}

/** A session whose stream has said who it is. */
async function streaming(): Promise<{ http: HttpSession; stream: LineStream; id: string }> {
  const http = session();
  const stream = await http.stream();
  expect(await stream.next()).toBe('o');
  return { http, stream, id: socketIdIn(framesOf(await stream.next())) };
}

async function polling(): Promise<{ http: HttpSession; id: string }> {
  const http = session();
  return { http, id: socketIdIn(framesIn(await http.poll())) };
}

async function trigger(channel: string, data: string, more: object = {}): Promise<void> {
  const body = JSON.stringify({ name: 'hello', channel, data, ...more });
  expect((await server.rest('POST', '/events', { body })).status).toBe(200);
}

beforeEach(async () => {
  server = await startTestServer([{}]);
});
afterEach(async () => {
  for (const opened of sessions.splice(0)) opened.close();
  await server.stop();
});

describe('opening a session', () => {
  it('T1, T2, T13: a streamed response begins with o and the greeting', async () => {
    const stream = await session().stream();
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({ 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' });
    expect(await stream.next()).toBe('o');
    const [greeting] = framesOf(await stream.next());
    expect(greeting?.event).toBe('pusher:connection_established');
    expect(JSON.parse(String(greeting?.data))).toMatchObject({ activity_timeout: 120 });
  });

  it('T1: the path prefix counts, and /app is served like /pusher/app', async () => {
    await restart({}, { pathPrefix: '/rt' });
    for (const base of ['/rt/pusher/app', '/rt/app']) {
      const opened = await session(`${base}/${APP.key}/${newSession()}`).poll();
      expect(opened.text).toMatch(/^o\na\["\{\\"event\\":\\"pusher:connection_established/);
    }
    expect((await session(`/pusher/app/${APP.key}/${newSession()}`).poll()).status).toBe(404);
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
    await restart(app);
    const stream = await session(`/pusher/app/${key}/${newSession()}`).stream(query, { Origin: 'http://bad.example' });
    expect(await stream.next()).toBe('o');
    expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:error', data: { code } }]);
    expect(await stream.next()).toMatch(new RegExp(`^c\\[${String(code)},`));
    expect(await stream.next()).toBeNull();
  });

  it('T2: a refusal in one poll', async () => {
    const answer = await session(`/pusher/app/nobody/${newSession()}`).poll();
    expect(answer.text).toMatch(/^o\na\["\{\\"event\\":\\"pusher:error.*\nc\[4001,"[^"]+"\]\n$/);
  });

  it.each(['1000/abcdefgh', 'x/abcdefgh', '1/short', '1/abcdefgh!', '1/%00%00%00%00%00%00%00%00'])(
    'T4: %s is no session',
    async (name) => {
      const opened = session(`/pusher/app/${APP.key}/${name}`);
      expect((await opened.poll()).status).toBe(400);
      expect((await opened.stream()).status).toBe(400);
      expect(await opened.frames()).toMatchObject({ status: 400 });
    },
  );

  it('T13: a preflight is answered without a session', async () => {
    const url = `http://127.0.0.1:${String(server.port)}/pusher/app/nobody/1/abcdefgh/xhr_send`;
    const preflight = await fetch(url, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Content-Type');
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('sending', () => {
  it('T3: frames of one request are handled in order', async () => {
    const { http, stream, id } = await streaming();
    const answer = await http.frames(subscribeFrame(id, 'private-a'), { event: 'pusher:ping', data: {} });
    expect(answer).toEqual({ status: 204, text: '' });
    expect(framesOf(await stream.next()).map(({ event }) => event)).toEqual([
      'pusher_internal:subscription_succeeded',
      'pusher:pong',
    ]);
  });

  it('T3: an empty array is answered with a sign of life', async () => {
    const { http, stream } = await streaming();
    expect((await http.frames()).status).toBe(204);
    expect(await stream.next()).toBe('a[]');
  });

  it.each(['', 'x', '{}', '[1]', '"pusher:ping"', '["a"', '[["a"]]', '[null]', '\u0000'])(
    'T4: the body %j is refused and nothing of it done',
    async (body) => {
      const { http, stream } = await streaming();
      expect(await http.send(body)).toMatchObject({ status: 400 });
      await http.frames();
      expect(await stream.next()).toBe('a[]');
    },
  );

  it('T4: a body over the limit is refused', async () => {
    await restart({}, { maxBodyBytes: 4_096 });
    const { http } = await streaming();
    expect((await http.frames('x'.repeat(5_000))).status).toBe(413);
    expect((await http.frames()).status).toBe(204);
  });

  it('T4, T12: an ended session takes nothing, and is opened anew by the next response', async () => {
    const { http, stream, id } = await streaming();
    stream.abort();
    await expect
      .poll(() => http.frames())
      .toMatchObject({ status: 404, text: expect.stringContaining('no such session') as string });
    const again = await http.poll();
    expect(again.text.startsWith('o\n')).toBe(true);
    expect(socketIdIn(framesIn(again))).not.toBe(id);
  });

  it.each(['no json', '[]', '{"event":7}', '{"event":"pusher:nothing"}', `{"event":"client-x${'x'.repeat(17_000)}"}`])(
    'F1, F3, F4: a frame that asks for nothing is answered with an error (%#)',
    async (text) => {
      const { http, stream } = await streaming();
      expect((await http.frames(text)).status).toBe(204);
      expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:error', data: { code: null } }]);
    },
  );

  it('F6, T4: no body, whatever is in it, ends the process or another session', async () => {
    const { http, stream } = await streaming();
    const other = await streaming();
    const text = fc.oneof(fc.string(), fc.json(), fc.constantFrom('o', 'a[]', 'c[4200,"x"]', 'h'));
    const body = fc.oneof(
      fc.array(text).map((frames) => JSON.stringify(frames)),
      fc.json(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        expect([204, 400]).toContain((await http.send(sent)).status);
      }),
      { numRuns: 100 },
    );
    stream.abort();
    await other.http.frames();
    expect(await other.stream.next()).toBe('a[]');
  });

  it('T4, F6: a request that breaks off in its middle changes nothing', async () => {
    const { http, stream } = await streaming();
    const path = `/pusher/app/${APP.key}/1/abcdefgh/xhr_send`;
    for (const operation of [path, path.replace('xhr_send', 'xhr_streaming')]) {
      const socket = connectTcp(server.port, '127.0.0.1');
      socket.write(`POST ${operation} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n["{`);
      await new Promise((resolve) => socket.once('connect', () => setImmediate(resolve)));
      socket.resetAndDestroy();
    }
    await http.frames();
    expect(await stream.next()).toBe('a[]');
  });
});

describe('what goes both ways', () => {
  it('E1, H8: sessions and WebSockets hear each other, and nobody hears itself', async () => {
    const { http, stream, id } = await streaming();
    const socket = await connect(server.ws());
    const socketId = await greeted(socket);
    await subscribed(socket, socketId, 'private-a');
    await http.frames(subscribeFrame(id, 'private-a'));
    await stream.next();

    await http.frames({ event: 'client-typing', channel: 'private-a', data: { on: true } });
    expect(await frame(socket)).toEqual({ event: 'client-typing', channel: 'private-a', data: '{"on":true}' });
    socket.send({ event: 'client-typing', channel: 'private-a', data: 'x' });
    expect(framesOf(await stream.next())).toEqual([{ event: 'client-typing', channel: 'private-a', data: 'x' }]);
    await trigger('private-a', 'not to the session', { socket_id: id });
    await trigger('private-a', 'not to the socket', { socket_id: socketId });
    expect(framesOf(await stream.next())).toMatchObject([{ data: 'not to the socket' }]);
    expect(await settled(socket)).toMatchObject([{ data: 'not to the session' }]);
    socket.close();
  });

  it('T9, P5: a session that leaves is off its channels at once', async () => {
    const socket = await connect(server.ws());
    await subscribed(socket, await greeted(socket), 'presence-a', { user_id: 'ann' });
    const { http, stream, id } = await streaming();
    await http.frames(subscribeFrame(id, 'presence-a', { user_id: 'bob' }));
    expect(await frame(socket)).toMatchObject({ event: 'pusher_internal:member_added' });
    stream.abort();
    expect(await frame(socket)).toMatchObject({ event: 'pusher_internal:member_removed', data: '{"user_id":"bob"}' });
    expect((await http.frames()).status).toBe(404);
    socket.close();
  });

  it('T6: a poll waits for something, and then takes all there is', async () => {
    const { http, id } = await polling();
    await http.frames(subscribeFrame(id, 'news'), { event: 'pusher:ping', data: {} });
    expect(framesIn(await http.poll())).toHaveLength(2);
    const waiting = http.poll();
    await trigger('news', 'one');
    expect(framesIn(await waiting)).toMatchObject([{ data: 'one' }]);
    await trigger('news', 'two');
    await trigger('news', 'three');
    expect(framesIn(await http.poll())).toMatchObject([{ data: 'two' }, { data: 'three' }]);
  });

  it('T10: a second response ends the first', async () => {
    const { http, stream } = await streaming();
    const second = await http.stream();
    expect(await stream.next()).toBeNull();
    await http.frames({ event: 'pusher:ping', data: {} });
    expect(await second.next()).toBe('a[]');
    expect(framesOf(await second.next())).toMatchObject([{ event: 'pusher:pong' }]);
  });

  it('C9: a silent session is pinged and then closed with 4201, one that polls is not', async () => {
    await restart({}, { activityTimeout: 0.3, pongTimeout: 0.3 });
    const { stream } = await streaming();
    const { http } = await polling();
    expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:ping' }]);
    expect(framesIn(await http.poll())).toMatchObject([{ event: 'pusher:ping' }]);
    expect(await stream.next()).toMatch(/^c\[4201,/);
    expect(framesIn(await http.poll())).toMatchObject([{ event: 'pusher:ping' }]);
  });
});

describe('long and slow streams', () => {
  /** Triggers numbered events of 10 KB. */
  async function triggerNumbers(from: number, to: number): Promise<void> {
    for (let number = from; number < to; number++) await trigger('news', `${String(number)} ${'é'.repeat(5_000)}`);
  }
  const numbersOf = (frames: readonly { data?: unknown }[]) => frames.map(({ data }) => parseInt(String(data), 10));
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  it('T5: a full stream is left by the client and goes on in the next one without a gap', async () => {
    const { http, stream: first, id } = await streaming();
    await http.frames(subscribeFrame(id, 'news'));
    await first.next();
    await triggerNumbers(0, 120);
    const received: number[] = [];
    let streams = 1;
    let stream = first;
    while (received.length < 120) {
      received.push(...numbersOf(framesOf(await stream.next())));
      if (!stream.isFull) continue;
      stream.abort();
      stream = await http.stream();
      streams += 1;
    }
    expect(received).toEqual(upTo(120));
    expect(streams).toBeGreaterThan(2);
  });

  it('T5, T6: polls take a long backlog in portions', async () => {
    const { http, id } = await polling();
    await http.frames(subscribeFrame(id, 'news'));
    await http.poll();
    await triggerNumbers(0, 80);
    const polls = [await http.poll(), await http.poll()];
    expect(polls.every(({ text }) => text.length <= 262_144)).toBe(true);
    expect(polls.flatMap((poll) => numbersOf(framesIn(poll)))).toEqual(upTo(80));
  });

  it('T11, L4: a session that fetches nothing is closed with 4100, and its frames have no gap', async () => {
    await restart({}, { maxBufferBytes: 65_536 });
    const { http, id } = await polling();
    await http.frames(subscribeFrame(id, 'news'));
    await http.poll();
    await triggerNumbers(0, 20);
    const sending = () => http.frames().then(({ status }) => status);
    await expect.poll(sending, { timeout: 10_000 }).toBe(404);
    const last = await http.poll();
    expect(numbersOf(framesIn(last))).toEqual(upTo(20));
    expect(last.text).toMatch(/\nc\[4100,"[^"]+"\]\n$/);
  });

  it('T11: a stream that is not read and then is goes on', async () => {
    const { http, stream, id } = await streaming();
    await http.frames(subscribeFrame(id, 'news'));
    await stream.next();
    stream.pause();
    await triggerNumbers(0, 20);
    stream.resume();
    const received: number[] = [];
    while (received.length < 20) received.push(...numbersOf(framesOf(await stream.next())));
    expect(received).toEqual(upTo(20));
    await http.frames();
    expect(await stream.next()).toBe('a[]');
  });
});

describe('closing', () => {
  it('T8, U5: a close is told in the stream, and in the next poll', async () => {
    const { http, stream, id } = await streaming();
    const polled = await polling();
    const userData = '{"id":"u1"}';
    for (const [client, socketId] of [[http, id] as const, [polled.http, polled.id] as const]) {
      const auth = userAuth(APP, socketId, userData);
      await client.frames({ event: 'pusher:signin', data: { auth, user_data: userData } });
    }
    expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:signin_success' }]);
    await polled.http.poll();
    await server.rest('POST', '/users/u1/terminate_connections', { body: '{}' });
    expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:error', data: { code: 4009 } }]);
    expect(await stream.next()).toMatch(/^c\[4009,/);
    expect(await stream.next()).toBeNull();
    expect((await polled.http.poll()).text).toMatch(/\nc\[4009,"[^"]+"\]\n$/);
  });

  it('T14, L6: a stop tells every session 4200, those between two polls too', async () => {
    await restart({}, { shutdownGraceMs: 3_000 });
    const { stream } = await streaming();
    const { http } = await polling();
    const stopping = server.stop();
    expect(await stream.next()).toMatch(/^c\[4200,/);
    expect((await http.poll()).text).toMatch(/^c\[4200,/);
    await stopping;
  });

  it('L2: sessions are counted like other connections', async () => {
    const { stream } = await streaming();
    const connected = async () => {
      const scrape = await fetch(`http://127.0.0.1:${String(server.metricsPort)}/metrics`);
      return /^soketi_connected\{[^}]*\} (\d+)$/m.exec(await scrape.text())?.[1];
    };
    expect(await connected()).toBe('1');
    stream.abort();
    await expect.poll(connected).toBe('0');
  });

  it('H2: another method on a session’s path is not found', async () => {
    const status = await new Promise((resolve, reject) => {
      const options = { port: server.port, path: `/pusher/app/${APP.key}/1/abcdefgh/xhr`, method: 'PUT' };
      request(options, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });
});
