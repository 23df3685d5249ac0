import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userAuth } from '../../src/protocol/signature.ts';
import { APP } from '../start.ts';
import { FallbackServer } from './fallback-server.ts';
import { framesOf } from './http-client.ts';

let fallback: FallbackServer;

beforeEach(async () => {
  fallback = await FallbackServer.open();
});
afterEach(() => fallback.close());

describe('closing', () => {
  it('T8, U5: a close is told in the stream, and in the next poll', async () => {
    const { http, stream, id } = await fallback.streaming();
    const polled = await fallback.polling();
    const userData = '{"id":"u1"}';
    for (const [client, socketId] of [[http, id] as const, [polled.http, polled.id] as const]) {
      const auth = userAuth(APP, socketId, userData);
      await client.frames({ event: 'pusher:signin', data: { auth, user_data: userData } });
    }
    expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:signin_success' }]);
    await polled.http.poll();
    await fallback.server.rest('POST', '/users/u1/terminate_connections', { body: '{}' });
    expect(framesOf(await stream.next())).toMatchObject([{ event: 'pusher:error', data: { code: 4009 } }]);
    expect(await stream.next()).toMatch(/^c\[4009,/);
    expect(await stream.next()).toBeNull();
    expect((await polled.http.poll()).text).toMatch(/\nc\[4009,"[^"]+"\]\n$/);
  });

  it('T14, L6: a stop tells every session 4200, those between two polls too', async () => {
    await fallback.restart({}, { shutdownGraceMs: 3_000 });
    const { stream } = await fallback.streaming();
    const { http } = await fallback.polling();
    const stopping = fallback.server.stop();
    expect(await stream.next()).toMatch(/^c\[4200,/);
    expect((await http.poll()).text).toMatch(/^c\[4200,/);
    await stopping;
  });

  it('L2: sessions are counted like other connections', async () => {
    const { stream } = await fallback.streaming();
    const connected = async () => {
      const scrape = await fetch(`http://127.0.0.1:${String(fallback.server.metricsPort)}/metrics`);
      return /^soketi_connected\{[^}]*\} (\d+)$/m.exec(await scrape.text())?.[1];
    };
    expect(await connected()).toBe('1');
    stream.abort();
    await expect.poll(connected).toBe('0');
  });

  it('H2: another method on a session’s path is not found', async () => {
    const status = await new Promise((resolve, reject) => {
      const options = { port: fallback.server.port, path: `/pusher/app/${APP.key}/1/abcdefgh/xhr`, method: 'PUT' };
      request(options, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });
});
