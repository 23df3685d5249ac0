import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import Pusher from 'pusher';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../../test-support/browser.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';

/** A site's page with the WoLive document's own script element and options, none of them changed. */

let stack: Stack;
let browser: Browser;
let site: Server;
let siteUrl: string;

beforeAll(async () => {
  stack = await startStack();
  site = createServer((_req, res) => res.setHeader('Content-Type', 'text/html; charset=utf-8').end(page()));
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  site?.close();
  await stack?.stop();
});

function page(): string {
  return `<!doctype html><title>site</title>
<script src="${stack.webUrl}/assets/libs/push/pusher.min.js"></script>
<script>
  var app_key = '${stack.app.key}';
  var pusher = new Pusher(app_key, {
                encrypted: false
                , enabledTransports: ['ws']
                , wsHost: '127.0.0.1'
                , wsPort: ${stack.pusher.port}
        });
  var channel = pusher.subscribe('my-channel');
  channel.bind('sendmsg', function(data) {
        document.title = data.message;
    });
  channel.bind('pusher:subscription_succeeded', function() { document.title = 'subscribed'; });
</script>`;
}

it('the document’s client takes its own options, and hears what a server triggers', async () => {
  const tab = await browser.newPage();
  const faults: string[] = [];
  tab.on('pageerror', (error) => faults.push(error.message));
  await tab.goto(siteUrl);
  await tab.waitForFunction(() => document.title === 'subscribed');
  const { id: appId, key, secret } = stack.app;
  const pusher = new Pusher({ appId, key, secret, host: '127.0.0.1', port: String(stack.pusher.port), useTLS: false });
  await pusher.trigger('my-channel', 'sendmsg', { message: 'hello' });
  await tab.waitForFunction(() => document.title === 'hello');
  expect(faults).toEqual([]);
});

it('today’s options mean what they mean in the official class, which it still is', async () => {
  const tab = await browser.newPage();
  await tab.goto(siteUrl);
  const seen = await tab.evaluate(
    ([port]) => {
      interface Client {
        config: { useTLS: boolean; cluster: string };
        disconnect(): void;
      }
      const { Pusher: Official } = window as unknown as {
        Pusher: { new (key: string, options?: object): Client; instances: unknown[]; logToConsole: boolean };
      };
      const base = { wsHost: '127.0.0.1', wsPort: port, enabledTransports: ['ws'] };
      const clients = [
        new Official('k', { ...base, cluster: 'mt1', forceTLS: false }),
        new Official('k', { ...base, cluster: 'eu', forceTLS: true }),
        new Official('k', { ...base, encrypted: true }),
      ];
      const refused = (() => {
        try {
          new Official('k', {});
          return 'taken';
        } catch (error) {
          return String(error);
        }
      })();
      Official.logToConsole = false;
      const found = clients.map((client) => [
        client instanceof Official,
        client.config.useTLS,
        client.config.cluster,
        Official.instances.includes(client),
      ]);
      for (const client of clients) client.disconnect();
      return { found, refused };
    },
    [stack.pusher.port] as const,
  );
  expect(seen.found).toEqual([
    [true, false, 'mt1', true],
    [true, true, 'eu', true],
    [true, true, '', true],
  ]);
  expect(seen.refused).toContain('cluster');
});
