import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startPusherServer } from '../../../test-support/pusher-server.ts';
import { connect } from '../../../test-support/websocket-client.ts';
import { greeted } from '../frames.ts';
import { Crew, isAlive } from './crew.ts';

/** Nobody listens there; a server with one worker does not mind, and no worker is started in vain. */
const NO_REDIS = 'redis://127.0.0.1:1';

describe('the parent of workers', () => {
  it('K80: more than one needs Redis: one line and exit code 1', async () => {
    await expect(startPusherServer({ env: { PUSHER_WORKERS: '2' } })).rejects.toThrow(
      /ended with 1 [^\n]*\nPUSHER_WORKERS[^\n]*REDIS_URL[^\n]*\n$/,
    );
  });

  it('K80: one is the one process', async () => {
    const server = await startPusherServer({ env: { PUSHER_WORKERS: '1' } });
    expect(server.output()).not.toContain('worker');
    expect(await server.stop()).toBe(0);
  });

  it('K81: a taken port is one line and exit code 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    for (const variable of ['PUSHER_PORT', 'PUSHER_METRICS_PORT']) {
      const env = { PUSHER_WORKERS: '2', REDIS_URL: NO_REDIS, [variable]: String(port) };
      await expect(startPusherServer({ env })).rejects.toThrow(/ended with 1 [^\n]*\n[^\n]*taken[^\n]*\n$/);
    }
    other.close();
  });

  it('K81: what keeps the workers from starting is said once', async () => {
    const env = {
      PUSHER_WORKERS: '3',
      REDIS_URL: NO_REDIS,
      PUSHER_APP_STORE: 'database',
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
    };
    await expect(startPusherServer({ env })).rejects.toThrow(/ended with 1 [^\n]*\n[^\n]+\n$/);
  });
});

describe.skipIf(redisIsMissing)('workers of one port', () => {
  let crew: Crew;
  afterEach(() => crew.close());

  const enter = async () => {
    const client = await connect(`ws://127.0.0.1:${String(crew.port)}/app/${crew.parent.app.key}?protocol=7`);
    await greeted(client);
    return client;
  };

  it('K81, K82, K84: are ready together, share the connections and are measured one by one', async () => {
    crew = await Crew.open({ env: { PUSHER_WORKERS: '3' } });
    expect(await crew.readiness()).toEqual([200]);
    expect(new Set([1, 2, 3].map((worker) => crew.pid(worker))).size).toBe(3);
    await expect(startPusherServer({ env: { PUSHER_PORT: String(crew.port) } })).rejects.toThrow('taken');

    const clients = await Promise.all(Array.from({ length: 60 }, enter));
    const connected = await crew.metric('connected');
    expect(Object.keys(connected)).toEqual(['1', '2', '3']);
    expect(Object.values(connected).reduce((sum, value) => sum + value)).toBe(60);
    expect(Math.min(...Object.values(connected))).toBeGreaterThan(5);
    expect(await crew.metric('worker_ready')).toEqual({ 1: 1, 2: 1, 3: 1 });
    expect(await crew.metric('publish_lag_seconds_count')).toEqual({ 1: 0, 2: 0, 3: 0 });
    const usage: unknown = await (await fetch(`http://127.0.0.1:${String(crew.parent.metricsPort)}/usage`)).json();
    expect(usage).toMatchObject({
      memory: { used: expect.any(Number) as number, percent: expect.any(Number) as number },
      workers: [{ worker: 1, memory: { used: expect.any(Number) as number } }, { worker: 2 }, { worker: 3 }],
    });

    const codes = clients.map(async ({ closed }) => (await closed).code);
    expect(await crew.close()).toBe(0);
    expect(await Promise.all(codes)).toEqual(clients.map(() => 4200));
    expect([1, 2, 3].map((worker) => isAlive(crew.pid(worker)))).toEqual([false, false, false]);
  });

  it('K82, K83, K84: one that is killed is started again; until then nobody is ready', async () => {
    crew = await Crew.open();
    const before = await Promise.all(Array.from({ length: 40 }, enter));
    const { 1: held = 0, 2: others = 0 } = await crew.metric('new_connections_total');
    const killed = crew.pid(1);
    process.kill(killed, 'SIGKILL');
    await expect.poll(() => crew.readiness(), { interval: 10 }).toEqual([503]);
    await expect.poll(() => crew.pids(1).length, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => crew.readiness()).toEqual([200]);
    expect(isAlive(killed)).toBe(false);

    const gone = before.filter(({ socket }) => socket.readyState !== socket.OPEN);
    expect(gone.length).toBe(held);
    expect(await crew.metric('worker_restarts_total')).toEqual({ 1: 1, 2: 0 });
    expect(await crew.metric('new_connections_total')).toEqual({ 1: 0, 2: others });
    await Promise.all(Array.from({ length: 20 }, enter));
    const after = await crew.metric('new_connections_total');
    expect(after[1]).toBeGreaterThan(0);
    expect((after[1] ?? 0) + (after[2] ?? 0)).toBe(others + 20);
  });

  it('K85: a parent that is killed leaves no worker behind, and its port is free for the next', async () => {
    crew = await Crew.open();
    const pids = [crew.pid(1), crew.pid(2)];
    const client = await enter();
    await crew.parent.kill9();
    expect((await client.closed).code).toBe(4200);
    await expect.poll(() => pids.map(isAlive), { timeout: 5_000 }).toEqual([false, false]);
    const next = await startPusherServer({ env: { PUSHER_PORT: String(crew.port) } });
    expect(await next.stop()).toBe(0);
  });

  it('K85: the parent stays until its last worker has ended, and exits 0', async () => {
    crew = await Crew.open();
    process.kill(crew.pid(2), 'SIGSTOP');
    const stopped = crew.close();
    await expect.poll(() => isAlive(crew.pid(1)), { timeout: 9_000 }).toBe(false);
    expect(isAlive(crew.pid(2))).toBe(true);
    process.kill(crew.pid(2), 'SIGCONT');
    expect(await stopped).toBe(0);
  });
});
