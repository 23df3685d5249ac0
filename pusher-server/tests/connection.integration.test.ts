import fc from 'fast-check';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../test-support/websocket-client.ts';
import { frame, greeted, settled, subscribed } from './frames.ts';
import { APP, startTestServer, type TestServer } from './start.ts';

describe('connections', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer([
      {},
      { id: 'app-off', key: 'key-off', enabled: false },
      { id: 'app-tls', key: 'key-tls', tlsOnly: true },
      { id: 'app-one', key: 'key-one', maxConnections: 1 },
      { id: 'app-web', key: 'key-web', allowedOrigins: ['https://shop.example'] },
    ]);
  });
  afterAll(() => server.stop());

  it('C1: greets with a socket id and the activity timeout in a string of JSON', async () => {
    const client = await connect(server.ws());
    const greeting = await frame(client);
    expect(greeting.event).toBe('pusher:connection_established');
    expect(greeting.data).toBeTypeOf('string');
    const data: unknown = JSON.parse(String(greeting.data));
    expect(data).toMatchObject({ activity_timeout: 120 });
    expect(data).toHaveProperty('socket_id', expect.stringMatching(/^\d+\.\d+$/));
    client.close();
  });

  it.each([
    ['/app/unknown?protocol=7', 4001],
    ['/app/key-off?protocol=7', 4003],
    ['/app/key-tls?protocol=7', 4000],
    ['/app/key-1?protocol=seven', 4006],
    ['/app/key-1?protocol=3', 4007],
    ['/app/key-1?protocol=8', 4007],
    ['/', 4005],
    ['/app', 4005],
    ['/app/key-1/more?protocol=7', 4005],
    ['/app/%00%ff?protocol=7', 4001],
  ])('C2, C3, C5, C6: %s is refused with %i after the upgrade', async (path, code) => {
    const client = await connect(server.ws(path));
    const error = await frame(client);
    expect(error).toMatchObject({ event: 'pusher:error', data: { code } });
    expect((await client.closed).code).toBe(code);
  });

  it.each(['protocol=4', 'protocol=5', 'protocol=6', 'client=js', ''])('C3, C4: %j is taken', async (query) => {
    const client = await connect(server.ws(`/app/${APP.key}?${query}`));
    await greeted(client);
    client.close();
  });

  it('C5: the second connection of an app that may have one gets 4004, and its place is free after a close', async () => {
    const path = '/app/key-one?protocol=7';
    const first = await connect(server.ws(path));
    await greeted(first);
    const second = await connect(server.ws(path));
    expect((await second.closed).code).toBe(4004);
    first.close();
    await first.closed;
    const third = await connect(server.ws(path));
    await greeted(third);
    third.close();
  });

  it('C7: a page of another origin gets 4009', async () => {
    const path = '/app/key-web?protocol=7';
    const other = await connect(server.ws(path), { headers: { origin: 'https://evil.example' } });
    expect((await other.closed).code).toBe(4009);
    const own = await connect(server.ws(path), { headers: { origin: 'https://shop.example' } });
    await greeted(own);
    own.close();
  });

  it('C8: answers pusher:ping and a ping control frame', async () => {
    const client = await connect(server.ws());
    await greeted(client);
    client.send({ event: 'pusher:ping', data: {} });
    expect(await frame(client)).toMatchObject({ event: 'pusher:pong' });
    const pong = new Promise((resolve) => client.socket.once('pong', resolve));
    client.socket.ping();
    await pong;
    client.close();
  });

  it.each([
    '{',
    '[]',
    'null',
    '{"event":5}',
    '{"event":"pusher:subscribe"}',
    '{"event":"pusher:nonsense","data":{}}',
    '{"event":"hello","channel":"a","data":{}}',
    '{"event":"pusher:unsubscribe","data":{"channel":"never"}}',
  ])('F1, F4, F5: %s gets an error and the connection lives', async (text) => {
    const client = await connect(server.ws());
    await greeted(client);
    client.send(text);
    expect(await frame(client)).toMatchObject({ event: 'pusher:error', data: { code: null } });
    expect(await settled(client)).toEqual([]);
    client.close();
  });

  it('F3: a binary frame and one over the limit get an error and the connection lives', async () => {
    const client = await connect(server.ws());
    await greeted(client);
    client.socket.send(Buffer.from('{"event":"pusher:ping"}'));
    expect(await frame(client)).toMatchObject({ event: 'pusher:error' });
    client.send({ event: 'pusher:ping', data: 'x'.repeat(16 * 1024) });
    expect(await frame(client)).toMatchObject({ event: 'pusher:error' });
    expect(await settled(client)).toEqual([]);
    client.close();
  });

  it('F6: a frame far over the limit, broken UTF-8 and a broken frame end only their own connection', async () => {
    const bystander = await connect(server.ws());
    await greeted(bystander);
    const huge = await connect(server.ws());
    await greeted(huge);
    huge.socket.send('x'.repeat(2 * 1024 * 1024));
    await huge.closed;
    const raw = await connect(server.ws());
    await greeted(raw);
    // A masked text frame whose two bytes are no UTF-8.
    const { _socket: tcp } = raw.socket as unknown as { _socket: NodeJS.WritableStream };
    tcp.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]));
    await raw.closed;
    await new Promise<void>((resolve) => {
      const socket = connectTcp(server.port, '127.0.0.1', () => socket.end('GARBAGE / NOTHING\r\n\r\n'));
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.resume();
    });
    expect(await settled(bystander)).toEqual([]);
    bystander.close();
  });

  it('F6: whatever frames say, the server stays up and keeps its word to others', async () => {
    const bystander = await connect(server.ws());
    const id = await greeted(bystander);
    await subscribed(bystander, id, 'news');
    const names = fc.constantFrom(
      'pusher:subscribe',
      'pusher:unsubscribe',
      'pusher:signin',
      'pusher:ping',
      'pusher:pong',
      'client-x',
      'pusher_internal:x',
      '',
    );
    const channels = fc.oneof(fc.constantFrom('news', 'private-a', 'presence-a', '#server-to-user-1'), fc.string());
    const data = fc.oneof(
      fc.record({ channel: channels, auth: fc.oneof(fc.string(), fc.constant('key-1:0')), channel_data: fc.json() }),
      fc.record({ auth: fc.string(), user_data: fc.json() }),
      fc.jsonValue(),
    );
    const frames = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ event: names, channel: channels, data }).map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(frames, { minLength: 1, maxLength: 20 }), async (texts) => {
        const client = await connect(server.ws());
        await greeted(client);
        for (const text of texts) client.send(text);
        client.send({ event: 'pusher:ping', data: {} });
        await frame(client, 'pusher:pong');
        client.close();
      }),
      { numRuns: 100 },
    );
    await server.rest('POST', '/events', { body: JSON.stringify({ name: 'still', channel: 'news', data: 'here' }) });
    expect(await frame(bystander)).toMatchObject({ event: 'still', data: 'here' });
    bystander.close();
  });
});

describe('silence', () => {
  it('C9: a silent client is pinged, then closed with 4201; one that is only sent to is silent too', async () => {
    const server = await startTestServer([{}], { activityTimeout: 0.3, pongTimeout: 0.3 });
    const client = await connect(server.ws());
    const id = await greeted(client);
    await subscribed(client, id, 'news');
    const startedAt = performance.now();
    const trigger = setInterval(() => {
      void server.rest('POST', '/events', { body: JSON.stringify({ name: 'e', channel: 'news', data: '' }) });
    }, 50);
    await frame(client, 'pusher:ping');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
    expect((await client.closed).code).toBe(4201);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(590);
    clearInterval(trigger);
    await server.stop();
  });

  it('C9: a client that answers, in whatever way, stays', async () => {
    const server = await startTestServer([{}], { activityTimeout: 0.2, pongTimeout: 0.2 });
    const client = await connect(server.ws());
    await greeted(client);
    for (let round = 0; round < 2; round++) {
      await frame(client, 'pusher:ping');
      client.send({ event: 'pusher:pong', data: {} });
    }
    await frame(client, 'pusher:ping');
    client.socket.ping();
    await frame(client, 'pusher:ping');
    client.socket.pong();
    await frame(client, 'pusher:ping');
    expect(await settled(client)).toEqual([]);
    client.close();
    await server.stop();
  });

  it('C4: strict servers refuse a missing protocol with 4008', async () => {
    const server = await startTestServer([{}], { strictProtocol: true });
    const client = await connect(server.ws(`/app/${APP.key}`));
    expect((await client.closed).code).toBe(4008);
    await server.stop();
  });

  it('C5: a full node says 4100', async () => {
    const server = await startTestServer([{}], { maxConnections: 1 });
    const first = await connect(server.ws());
    await greeted(first);
    const second = await connect(server.ws());
    expect((await second.closed).code).toBe(4100);
    await server.stop();
  });
});
