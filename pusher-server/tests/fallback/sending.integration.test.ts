import { connect as connectTcp } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subscribeFrame } from '../frames.ts';
import { APP } from '../start.ts';
import { FallbackServer } from './fallback-server.ts';
import { framesIn, framesOf, socketIdIn } from './http-client.ts';

let fallback: FallbackServer;

beforeEach(async () => {
  fallback = await FallbackServer.open();
});
afterEach(() => fallback.close());

describe('sending', () => {
  it('T3: frames of one request are handled in order', async () => {
    const { http, stream, id } = await fallback.streaming();
    const answer = await http.frames(subscribeFrame(id, 'private-a'), { event: 'pusher:ping', data: {} });
    expect(answer).toEqual({ status: 204, text: '' });
    expect(framesOf(await stream.next()).map(({ event }) => event)).toEqual([
      'pusher_internal:subscription_succeeded',
      'pusher:pong',
    ]);
  });

  it('T3: an empty array is answered with a sign of life', async () => {
    const { http, stream } = await fallback.streaming();
    expect((await http.frames()).status).toBe(204);
    expect(await stream.next()).toBe('a[]');
  });

  it.each(['', 'x', '{}', '[1]', '"pusher:ping"', '["a"', '[["a"]]', '[null]', '\u0000'])(
    'T4: the body %j is refused and nothing of it done',
    async (body) => {
      const { http, stream } = await fallback.streaming();
      expect(await http.send(body)).toMatchObject({ status: 400 });
      await http.frames();
      expect(await stream.next()).toBe('a[]');
    },
  );

  it('T4: a body over the limit is refused', async () => {
    await fallback.restart({}, { maxBodyBytes: 4_096 });
    const { http } = await fallback.streaming();
    expect((await http.frames('x'.repeat(5_000))).status).toBe(413);
    expect((await http.frames()).status).toBe(204);
  });

  it('T4, T12: an ended session takes nothing, and is opened anew by the next response', async () => {
    const { http, stream, id } = await fallback.streaming();
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
      const { http, stream } = await fallback.streaming();
      expect((await http.frames(text)).status).toBe(204);
      expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:error', data: { code: null } }]);
    },
  );

  it('F6, T4: no body, whatever is in it, ends the process or another session', async () => {
    const { http, stream } = await fallback.streaming();
    const other = await fallback.streaming();
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
    const { http, stream } = await fallback.streaming();
    const path = `/pusher/app/${APP.key}/1/abcdefgh/xhr_send`;
    for (const operation of [path, path.replace('xhr_send', 'xhr_streaming')]) {
      const socket = connectTcp(fallback.server.port, '127.0.0.1');
      socket.write(`POST ${operation} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n["{`);
      await new Promise((resolve) => socket.once('connect', () => setImmediate(resolve)));
      socket.resetAndDestroy();
    }
    await http.frames();
    expect(await stream.next()).toBe('a[]');
  });
});
