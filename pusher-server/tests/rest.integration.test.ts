import { request as httpRequest, Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../test-support/websocket-client.ts';
import { md5Hex } from '../src/protocol/signature.ts';
import { frame, greeted, settled, subscribed } from './frames.ts';
import { signedUrl, startTestServer, type TestServer } from './start.ts';

const event = (more: object = {}) => JSON.stringify({ name: 'e', channel: 'news', data: 'x', ...more });
const now = () => Math.floor(Date.now() / 1000);

describe('REST', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer([{}, { id: 'app-off', key: 'key-off', enabled: false }], {
      maxBodyBytes: 64 * 1024,
    });
  });
  afterAll(() => server.stop());

  /** A request whose body goes out in these pieces, a turn of the loop apart. */
  function inPieces(pieces: readonly (string | Buffer)[], signed: string, agent?: Agent): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const url = signedUrl(server.port, 'POST', '/events', { body: signed });
      const outgoing: ClientRequest = httpRequest(url, { method: 'POST', ...(agent === undefined ? {} : { agent }) });
      outgoing.on('response', resolve).on('error', reject);
      const rest = [...pieces];
      const next = () => {
        const piece = rest.shift();
        if (piece === undefined) outgoing.end();
        else outgoing.write(piece, () => setImmediate(next));
      };
      next();
    });
  }

  it.each([
    ['no key', { auth_key: null }, 'auth_key'],
    ['no timestamp', { auth_timestamp: null }, 'auth_timestamp'],
    ['no version', { auth_version: null }, 'auth_version'],
    ['no signature', { auth_signature: null }, 'auth_signature'],
    ['another version', { auth_version: '2.0' }, 'version'],
    ['the key of another app', { auth_key: 'key-off' }, 'auth_key'],
    ['an old timestamp', { auth_timestamp: String(now() - 620) }, 'Timestamp expired'],
    ['a timestamp of the future', { auth_timestamp: String(now() + 620) }, 'Timestamp expired'],
    ['a timestamp that is no number', { auth_timestamp: 'now' }, 'auth_timestamp'],
    ['a timestamp beyond all dates', { auth_timestamp: '999999999999' }, 'Timestamp expired'],
    ['no body_md5', { body_md5: null }, 'body_md5'],
    ['the MD5 of another body', { body_md5: md5Hex('other') }, 'body_md5'],
    ['a signature of the right length', { auth_signature: 'a'.repeat(64) }, 'Invalid signature'],
    ['a signature of another length', { auth_signature: 'a' }, 'Invalid signature'],
  ])('H2, H3, H4, H5, H6, H7: %s is 401', async (_what, auth, text) => {
    const response = await server.rest('POST', '/events', { body: event(), auth });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: expect.stringContaining(text) as string, code: 401 });
  });

  it('H3: a wrong secret is 401 and nothing is published', async () => {
    const client = await connect(server.ws());
    await subscribed(client, await greeted(client), 'news');
    expect((await server.rest('POST', '/events', { body: event(), secret: 'wrong' })).status).toBe(401);
    expect(await settled(client)).toEqual([]);
    client.close();
  });

  it('H5: a timestamp within the window is good', async () => {
    const auth = { auth_timestamp: String(now() - 590) };
    expect((await server.rest('POST', '/events', { body: event(), auth })).status).toBe(200);
  });

  it('H2: an unknown app is 404, a disabled one 403, an unknown path 404', async () => {
    const answer = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${String(server.port)}${path}`);
      return [response.status, await response.json()] as const;
    };
    expect(await answer('/apps/none/channels')).toEqual([404, { error: expect.any(String) as string, code: 404 }]);
    expect((await answer('/apps/app-off/channels'))[0]).toBe(401);
    expect((await answer('/apps/app-1/nothing'))[0]).toBe(404);
    expect((await answer('/nothing'))[0]).toBe(404);
    expect((await answer('/app/key-1'))[0]).toBe(404);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no name', event({ name: undefined })],
    ['an empty name', event({ name: '' })],
    ['a name that is no string', event({ name: 5 })],
    ['a name that is too long', event({ name: 'x'.repeat(201) })],
    ['a reserved name', event({ name: 'pusher:hello' })],
    ['an internal name', event({ name: 'pusher_internal:member_added' })],
    ['no channel', event({ channel: undefined })],
    ['a bad channel', event({ channel: 'a b' })],
    ['no channels', event({ channels: [] })],
    ['channels that are no list', event({ channels: 'news' })],
    ['a bad one among the channels', event({ channels: ['news', 'a/b'] })],
    ['too many channels', event({ channels: Array.from({ length: 101 }, (_, index) => `c${String(index)}`) })],
    ['no data', event({ data: undefined })],
    ['data that is no string', event({ data: { a: 1 } })],
    ['a bad socket_id', event({ socket_id: '1' })],
    ['an unknown info', event({ info: 'age' })],
  ])('H2, H8, H9: %s is 400', async (_what, body) => {
    const response = await server.rest('POST', '/events', { body });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.any(String) as string, code: 400 });
  });

  it('H1, H8: publishes to each channel once, not to the excluded socket, and takes empty data', async () => {
    const ann = await connect(server.ws());
    const bob = await connect(server.ws());
    const annId = await greeted(ann);
    await subscribed(ann, annId, 'one');
    await subscribed(bob, await greeted(bob), 'one');
    const channels = ['one', 'two', 'one'];
    const response = await server.rest('POST', '/events', { body: event({ channels, socket_id: annId, data: '' }) });
    expect([response.status, await response.text()]).toEqual([200, '{}']);
    expect(await settled(bob)).toEqual([{ event: 'e', channel: 'one', data: '' }]);
    expect(await settled(ann)).toEqual([]);
    await server.rest('POST', '/events', { body: event({ channels: ['one'], socket_id: '1.1', data: 'ü\u2028"' }) });
    expect(await frame(ann)).toEqual({ event: 'e', channel: 'one', data: 'ü\u2028"' });
    ann.close();
    bob.close();
  });

  it('H10: 10,240 bytes of data are taken, one more is 413, in bytes and not in characters', async () => {
    const answer = async (data: string) => (await server.rest('POST', '/events', { body: event({ data }) })).status;
    expect(await answer('x'.repeat(10_240))).toBe(200);
    expect(await answer('x'.repeat(10_241))).toBe(413);
    expect(await answer('ü'.repeat(5_120))).toBe(200);
    expect(await answer('ü'.repeat(5_121))).toBe(413);
  });

  it('H10: a body over the limit is 413 and can be read, the connection serves the next request', async () => {
    const response = await server.rest('POST', '/events', { body: 'x'.repeat(5 * 1024 * 1024) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 413 });
    expect((await server.rest('POST', '/events', { body: event() })).status).toBe(200);
  });

  it('H6: a body in pieces, split inside a character, is the same body', async () => {
    const client = await connect(server.ws());
    await subscribed(client, await greeted(client), 'pieces');
    const body = JSON.stringify({ name: 'e', channel: 'pieces', data: 'für 客服' });
    const bytes = Buffer.from(body);
    const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    const response = await inPieces(pieces, body);
    expect(response.statusCode).toBe(200);
    expect(await frame(client)).toEqual({ event: 'e', channel: 'pieces', data: 'für 客服' });
    client.close();
  });

  it('F6: a request that is broken off publishes nothing and harms nobody', async () => {
    const url = signedUrl(server.port, 'POST', '/events', { body: event() });
    await new Promise<void>((resolve) => {
      const outgoing = httpRequest(url, { method: 'POST', headers: { 'content-length': '1000' } });
      outgoing.on('error', () => resolve());
      outgoing.write(event(), () => outgoing.destroy(new Error('gone')));
    });
    expect((await server.rest('POST', '/events', { body: event() })).status).toBe(200);
  });

  it('H1: keeps the connection open between requests', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let round = 0; round < 3; round++) {
      const response = await inPieces([event()], event(), agent);
      ports.add(response.socket.localPort);
      response.resume();
      await new Promise((resolve) => response.once('end', resolve));
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it('H11: a batch is published whole or not at all', async () => {
    const client = await connect(server.ws());
    await subscribed(client, await greeted(client), 'batch');
    const item = (more: object = {}) => ({ name: 'e', channel: 'batch', data: 'x', ...more });
    const post = async (batch: unknown) =>
      (await server.rest('POST', '/batch_events', { body: JSON.stringify({ batch }) })).status;
    expect(await post([item(), item({ channel: 'a b' })])).toBe(400);
    expect(await post([item(), item({ data: 'x'.repeat(10_241) })])).toBe(413);
    expect(await post(Array.from({ length: 11 }, () => item()))).toBe(400);
    expect(await post([item(), null])).toBe(400);
    expect(await post('batch')).toBe(400);
    expect(await settled(client)).toEqual([]);
    expect(await post([item({ data: '1' }), item({ data: '2' })])).toBe(200);
    expect((await settled(client)).map(({ data }) => data)).toEqual(['1', '2']);
    expect(await post([])).toBe(200);
    client.close();
  });

  it('H12: tells of channels what was asked, per channel and per item', async () => {
    const client = await connect(server.ws());
    const id = await greeted(client);
    await subscribed(client, id, 'presence-info', { user_id: '1' });
    await subscribed(client, id, 'info');
    const info = 'user_count,subscription_count';
    const channels = ['presence-info', 'info', 'nobody'];
    const response = await server.rest('POST', '/events', { body: event({ channels, info }) });
    expect(await response.json()).toEqual({
      channels: {
        'presence-info': { user_count: 1 },
        info: { subscription_count: 1 },
        nobody: { subscription_count: 0 },
      },
    });
    const batch = [
      { name: 'e', data: '', channel: 'info', info },
      { name: 'e', data: '', channel: 'info' },
      { name: 'e', data: '', channel: 'presence-info', info },
    ];
    const batched = await server.rest('POST', '/batch_events', { body: JSON.stringify({ batch }) });
    expect(await batched.json()).toEqual({ batch: [{ subscription_count: 1 }, {}, { user_count: 1 }] });
    client.close();
  });

  it('H13, H14, H15: tells which channels are occupied, and by whom', async () => {
    const client = await connect(server.ws());
    const id = await greeted(client);
    await subscribed(client, id, 'presence-x', { user_id: 5 });
    await subscribed(client, id, 'plain-x');
    await subscribed(client, id, '__proto__');
    const get = async (path: string, query: Record<string, string> = {}) => {
      const response = await server.rest('GET', path, { query });
      return [response.status, await response.json()] as const;
    };
    expect(await get('/channels')).toEqual([
      200,
      {
        channels: Object.fromEntries([
          ['presence-x', {}],
          ['plain-x', {}],
          ['__proto__', {}],
        ]),
      },
    ]);
    expect(await get('/channels', { filter_by_prefix: 'presence-', info: 'user_count' })).toEqual([
      200,
      { channels: { 'presence-x': { user_count: 1 } } },
    ]);
    expect((await get('/channels', { info: 'user_count' }))[0]).toBe(400);
    expect((await get('/channels', { info: 'colour' }))[0]).toBe(400);
    expect(await get('/channels/plain-x', { info: 'subscription_count' })).toEqual([
      200,
      { occupied: true, subscription_count: 1 },
    ]);
    expect(await get('/channels/nobody')).toEqual([200, { occupied: false }]);
    expect((await get('/channels/plain-x', { info: 'user_count' }))[0]).toBe(400);
    expect((await get('/channels/a%20b'))[0]).toBe(400);
    expect(await get('/channels/presence-x/users')).toEqual([200, { users: [{ id: '5' }] }]);
    expect(await get('/channels/presence-nobody/users')).toEqual([200, { users: [] }]);
    expect((await get('/channels/plain-x/users'))[0]).toBe(400);
    client.close();
  });

  it('H18: the deprecated call takes its body as the data', async () => {
    const client = await connect(server.ws());
    await subscribed(client, await greeted(client), 'old');
    const response = await server.rest('POST', '/channels/old/events', { query: { name: 'e' }, body: '{"a":1}' });
    expect(response.status).toBe(202);
    expect(await frame(client)).toEqual({ event: 'e', channel: 'old', data: '{"a":1}' });
    client.close();
  });

  it('H17, H19: answers preflights and probes', async () => {
    const base = `http://127.0.0.1:${String(server.port)}`;
    const preflight = await fetch(`${base}/apps/app-1/events`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect((await fetch(`${base}/health`)).status).toBe(200);
    expect((await fetch(`${base}/ready`)).status).toBe(200);
  });

  it('L2: metrics tell the truth of the moment', async () => {
    const client = await connect(server.ws());
    await greeted(client);
    const scrape = async () => (await fetch(`http://127.0.0.1:${String(server.metricsPort)}/metrics`)).text();
    expect(await scrape()).toMatch(/^soketi_connected\{app_id="app-1",port="\d+"\} 1$/m);
    client.close();
    await client.closed;
    expect(await scrape()).toMatch(/^soketi_connected\{app_id="app-1",port="\d+"\} 0$/m);
  });

  it('H16: a rate that is used up is 429 with Retry-After, and nothing is published', async () => {
    const limited = await startTestServer([{ maxBackendEventsPerSecond: 2, maxReadRequestsPerSecond: 1 }]);
    const post = () => limited.rest('POST', '/events', { body: event() });
    const statuses = (await Promise.all([post(), post(), post(), post()])).map((response) => response.status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
    const reads = await Promise.all([limited.rest('GET', '/channels'), limited.rest('GET', '/channels')]);
    const refused = reads.find((response) => response.status === 429);
    expect(refused?.headers.get('retry-after')).toBe('1');
    await limited.stop();
  });
});
