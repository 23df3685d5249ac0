import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startPusherServer } from '../../test-support/pusher-server.ts';
import { startServerProcess } from '../../test-support/server-process.ts';
import { connect } from '../../test-support/websocket-client.ts';
import { greeted } from './frames.ts';

const entry = 'pusher-server/dist/main.js';

describe('the process', () => {
  it('L3: says when it is ready, on its log and to its parent', async () => {
    const server = await startPusherServer();
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${String(server.metricsPort)}/metrics`)).status).toBe(200);
    const [line] = server.output().split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ msg: 'ready', url: server.url });
    expect(await server.stop()).toBe(0);
  });

  it('L5, L6: SIGTERM closes connections with 4200 over the grace, the listener first, and exits 0', async () => {
    const server = await startPusherServer({ env: { PUSHER_SHUTDOWN_GRACE_MS: '1500' } });
    const url = `ws://127.0.0.1:${String(server.port)}/app/${server.app.key}?protocol=7`;
    const clients = await Promise.all(Array.from({ length: 12 }, () => connect(url)));
    await Promise.all(clients.map((client) => greeted(client)));
    const startedAt = performance.now();
    const closes = clients.map(async (client) => {
      const { code } = await client.closed;
      return { code, at: performance.now() - startedAt };
    });
    const stopped = server.stop();
    await Promise.race(closes);
    await expect(connect(url)).rejects.toThrow();
    const told = await Promise.all(closes);
    expect(told.map(({ code }) => code)).toEqual(clients.map(() => 4200));
    const times = told.map(({ at }) => at).sort((left, right) => left - right);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(750);
    expect(await stopped).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('L6: what is answered while it stops is the last answer on its connection', async () => {
    const server = await startPusherServer({ env: { PUSHER_SHUTDOWN_GRACE_MS: '1500' } });
    const url = `ws://127.0.0.1:${String(server.port)}/app/${server.app.key}?protocol=7`;
    const clients = await Promise.all([connect(url), connect(url)]);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () => answerTo(`${server.url}/ready`, agent);
    expect(await ask()).toEqual({ status: 200, connection: 'keep-alive', isReused: false });
    const stopped = server.stop();
    await Promise.race(clients.map(({ closed }) => closed));
    expect(await ask()).toEqual({ status: 503, connection: 'close', isReused: true });
    expect(await stopped).toBe(0);
    agent.destroy();
  });

  it('L1: a bad variable is one line and exit code 1', async () => {
    const starting = startServerProcess(entry, {
      PUSHER_APP_ID: 'a',
      PUSHER_APP_KEY: 'k',
      PUSHER_APP_SECRET: 's',
      PUSHER_PORT: 'many',
    });
    await expect(starting).rejects.toThrow(/ended with 1 .*\nPUSHER_PORT: [^\n]+\n$/s);
  });

  it('L1: a taken port is one line and exit code 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    for (const variable of ['PUSHER_PORT', 'PUSHER_METRICS_PORT']) {
      const starting = startPusherServer({ env: { [variable]: String(port) } });
      await expect(starting).rejects.toThrow(/ended with 1 [^\n]*\n[^\n]*taken[^\n]*\n$/);
    }
    other.close();
  });

  it('L5: comes back to its port at once, after a stop with open connections as after a kill', async () => {
    const first = await startPusherServer({ env: { PUSHER_SHUTDOWN_GRACE_MS: '100' } });
    const env = { PUSHER_PORT: String(first.port), PUSHER_SHUTDOWN_GRACE_MS: '100' };
    const greet = async () => {
      await greeted(await connect(`ws://127.0.0.1:${String(first.port)}/app/${first.app.key}?protocol=7`));
    };
    await greet();
    expect(await first.stop()).toBe(0);
    const second = await startPusherServer({ env });
    await greet();
    await second.kill9();
    const third = await startPusherServer({ env });
    await greet();
    expect(await third.stop()).toBe(0);
  });

  it('L1: a port that another pusher-server has is taken too', async () => {
    const first = await startPusherServer();
    await expect(startPusherServer({ env: { PUSHER_PORT: String(first.port) } })).rejects.toThrow('taken');
    await first.stop();
  });
});

/** Asks over the agent's connection, and whether that was a new one. */
function answerTo(url: string, agent: Agent) {
  return new Promise((resolve, reject) => {
    const asking = get(url, { agent }, (response) => {
      response.resume().on('end', () => {
        const { statusCode: status, headers } = response;
        resolve({ status, connection: headers.connection ?? 'keep-alive', isReused: asking.reusedSocket });
      });
    }).on('error', reject);
  });
}
