import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type Pusher from 'pusher-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelAuth } from '../../pusher-server/src/protocol/signature.ts';
import { APP, startTestServer, type TestServer } from '../../pusher-server/tests/start.ts';
import { launchBrowser } from '../../test-support/browser.ts';

/** What the page finds in itself, and what it keeps of what it heard. */
interface PageWindow {
  Pusher: typeof Pusher;
  authorize(socketId: string, channel: string): Promise<string>;
  log: string[];
  client: Pusher;
}

const officialScript = createRequire(import.meta.url).resolve('pusher-js/dist/web/pusher.js');
let server: TestServer;
let site: Server;
let browser: Browser;

beforeAll(async () => {
  server = await startTestServer();
  // Another port than the server's, and so another origin.
  site = createServer(({ url }, response) => {
    if (url === '/pusher.js') createReadStream(officialScript).pipe(response);
    else response.setHeader('Content-Type', 'text/html').end('<!doctype html><script src="/pusher.js"></script>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  site?.close();
  await server?.stop();
});

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  await page.exposeFunction('authorize', (socketId: string, channel: string) =>
    channelAuth(APP, socketId, channel, channel.startsWith('presence-') ? '{"user_id":"ann"}' : null),
  );
  await page.goto(`http://127.0.0.1:${String((site.address() as AddressInfo).port)}/`);
  return page;
}

/** Runs in the page: connects, joins, and writes down what happens. */
function connect([key, port, transport]: readonly [string, number, 'xhr_streaming' | 'xhr_polling']): void {
  const own = window as unknown as PageWindow;
  own.log = [];
  own.client = new own.Pusher(key, {
    cluster: 'none',
    httpHost: '127.0.0.1',
    httpPort: port,
    forceTLS: false,
    enabledTransports: [transport],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId, channelName }, done) => {
        const member = channelName.startsWith('presence-') ? { channel_data: '{"user_id":"ann"}' } : {};
        void own.authorize(socketId, channelName).then((auth) => done(null, { auth, ...member }));
      },
    },
  });
  own.client.connection.bind('state_change', ({ current }: { current: string }) => own.log.push(current));
  for (const name of ['news', 'private-a', 'presence-a']) {
    const channel = own.client.subscribe(name);
    channel.bind('pusher:subscription_succeeded', () => own.log.push(`joined ${name}`));
    channel.bind('hello', (data: string) => own.log.push(`${name} ${data.slice(0, 8)}`));
  }
}

describe.each(['xhr_streaming', 'xhr_polling'] as const)('the official client in Chromium over %s', (transport) => {
  it('T1, T5, T13: joins from another origin, and hears everything in order over many responses', async () => {
    const page = await openPage();
    const log = () => page.evaluate(() => (window as unknown as PageWindow).log);
    await page.evaluate(connect, [APP.key, server.port, transport] as const);
    await expect
      .poll(async () => (await log()).toSorted(), { timeout: 15_000 })
      .toEqual(['connected', 'joined news', 'joined presence-a', 'joined private-a']);
    for (let number = 100; number < 180; number++) {
      const data = `${String(number)} ${'é'.repeat(5_000)}`;
      await server.rest('POST', '/events', { body: JSON.stringify({ name: 'hello', channel: 'private-a', data }) });
    }
    await expect.poll(async () => (await log()).length, { timeout: 15_000 }).toBe(84);
    const numbers = (await log()).slice(4).map((line) => Number(/private-a (\d+)/.exec(line)?.[1]));
    expect(numbers).toEqual(Array.from({ length: 80 }, (_, index) => 100 + index));

    await page.evaluate(() => (window as unknown as PageWindow).client.disconnect());
    const occupied = async () => (await server.rest('GET', '/channels')).json() as Promise<unknown>;
    await expect.poll(occupied, { timeout: 10_000 }).toEqual({ channels: {} });
    await page.close();
  });
});
