import { AxeBuilder } from '@axe-core/playwright';
import { channelAuth } from '@openkefu/pusher-server/protocol/signature';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import PusherClient from 'pusher-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../test-support/browser.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string, level: string) => ({ user_name, nick_name: user_name, password: PASSWORD, level });
const agents = [agent('root', 'super_manager'), agent('mia', 'manager')];

let stack: Stack;
let browser: Browser;
const clients: PusherClient[] = [];

beforeAll(async () => {
  stack = await startStack({ bootstrap: { businesses: [{ business_id: 'acme', agents }] } });
  browser = await launchBrowser();
});

afterAll(async () => {
  for (const client of clients) client.disconnect();
  await browser?.close();
  await stack?.stop();
});

/** The console's realtime page in a browser of its own. */
async function openRealtime(options: BrowserContextOptions = {}, userName = 'root', tab = ''): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-US', ...options })).newPage();
  await page.goto(`${stack.webUrl}/console/realtime${tab}`);
  await page.fill('input[name=userName]', userName);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('[data-testid=sign-in]');
  if (userName === 'root') await page.waitForSelector('[data-testid=realtime-live][data-live=true]');
  return page;
}

/** An official client that is on these channels, the presence ones as this user. */
async function client(userId: string, channels: readonly string[]): Promise<PusherClient> {
  const { key, secret } = stack.app;
  const pusher = new PusherClient(key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: stack.pusher.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '',
      customHandler: ({ socketId, channelName }, done) => {
        const channel_data = JSON.stringify({ user_id: userId });
        done(null, { auth: channelAuth({ key, secret }, socketId, channelName, channel_data), channel_data });
      },
    },
  });
  clients.push(pusher);
  for (const name of channels) {
    const channel = pusher.subscribe(name);
    await new Promise((resolve) => channel.bind('pusher:subscription_succeeded', resolve));
  }
  return pusher;
}

const streamed = (page: Page, event: string, text: string) =>
  page.locator(`[data-testid=streamed-event][data-event=${event}]`, { hasText: text });

describe('the realtime page', () => {
  it('shows a client and its channels, sends it an event, and tells of it', async () => {
    const page = await openRealtime();
    const pusher = await client('ann', ['news', 'presence-room']);

    await streamed(page, 'channel_occupied', 'news').first().waitFor();
    const room = page.locator('[data-testid=realtime-channel][data-channel=presence-room]');
    await room.waitFor();
    await room.locator('summary').click();
    await room.locator('[data-testid=realtime-member]', { hasText: 'ann' }).waitFor();

    await page.locator('[data-channel=news] [data-testid=channel-compose]').click();
    const creator = page.locator('[data-testid=event-creator]');
    expect(await creator.locator('input[name=channel]').inputValue()).toBe('news');
    await creator.locator('input[name=event]').fill('price');
    await creator.locator('textarea').fill('{"eur": 7, "words": "客服"}');
    const heard = new Promise((resolve) => pusher.channel('news').bind('price', resolve));
    await creator.locator('[data-testid=event-send]').click();
    expect(await heard).toEqual({ eur: 7, words: '客服' });
    await streamed(page, 'api_event', 'price').click();
    await page.locator('[data-testid=event-stream] pre', { hasText: '"words": "客服"' }).waitFor();

    await page.click('[data-testid=realtime-tab-connections]');
    const socket = pusher.connection.socket_id;
    const row = page.locator(`[data-testid=realtime-connection][data-socket="${socket}"]`);
    await row.locator('summary').click();
    await row.locator('li', { hasText: 'presence-room' }).waitFor();
    await page.click('[data-testid=realtime-tab-webhooks]');
    await page.locator('[data-testid=realtime-delivery]', { hasText: 'channel_added' }).first().waitFor();

    pusher.disconnect();
    await streamed(page, 'connection_closed', socket).waitFor();
    await page.click('[data-testid=realtime-tab-connections]');
    await row.waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('says what the server does not take, and keeps what was typed', async () => {
    const page = await openRealtime();
    const creator = page.locator('[data-testid=event-creator]');
    await creator.locator('input[name=channel]').fill('a b');
    await creator.locator('input[name=event]').fill('e');
    await creator.locator('[data-testid=event-send]').click();
    await creator.locator('[role=status]', { hasText: 'only letters, digits' }).waitFor();
    await creator.locator('input[name=channel]').fill('news');
    await creator.locator('textarea').fill('x'.repeat(10_241));
    await creator.locator('[data-testid=event-send]').click();
    await creator.locator('[role=status]', { hasText: '10240 bytes' }).waitFor();
    expect(await creator.locator('input[name=channel]').inputValue()).toBe('news');
    await page.context().close();
  });

  it('filters, pauses and goes on without losing anything', async () => {
    const page = await openRealtime();
    const pusher = await client('bob', ['private-talk']);
    await streamed(page, 'channel_occupied', 'private-talk').waitFor();
    await page.click('[data-testid=stream-pause]');
    pusher.channel('private-talk').trigger('client-said', { text: 'while paused' });
    await page.locator('[data-testid=stream-pause] .pill').waitFor();
    expect(await streamed(page, 'client_event', 'client-said').count()).toBe(0);
    await page.click('[data-testid=stream-pause]');
    await streamed(page, 'client_event', 'client-said').waitFor();
    await page.selectOption('[data-testid=stream-kind]', 'messages');
    await page.fill('[data-testid=stream-filter]', 'SAID');
    expect(await page.locator('[data-testid=streamed-event]').count()).toBe(1);
    await page.context().close();
  });

  it('comes back by itself after the realtime server was away', async () => {
    const page = await openRealtime();
    await stack.killPusher9();
    await page.waitForSelector('[data-testid=realtime-live][data-live=false]');
    await stack.restartPusher();
    await page.waitForSelector('[data-testid=realtime-live][data-live=true]', { timeout: 30_000 });
    await client('back', ['again']);
    await streamed(page, 'channel_occupied', 'again').waitFor();
    await page.locator('[data-testid=realtime-channel][data-channel=again]').waitFor();
    await page.context().close();
  });

  it('is not for other levels: no way there in the rail, and a sentence at its address', async () => {
    const page = await openRealtime({}, 'mia');
    await page.waitForSelector('[data-testid=realtime-forbidden]');
    expect(await page.locator('[data-testid=rail-realtime]').count()).toBe(0);
    await page.context().close();
  });
});

describe.each([
  { locale: 'zh-CN', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { locale: 'en-US', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  { locale: 'en-US', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const)('axe finds nothing: $locale, $colorScheme, $viewport.width px', (options) => {
  it('in any part of the realtime page', async () => {
    const page = await openRealtime(options);
    await client('ann', ['news', 'presence-room']);
    const narrow = options.viewport.width < 1100;
    for (const tab of [...(narrow ? ['events'] : []), 'channels', 'connections', 'webhooks']) {
      await page.click(`[data-testid=realtime-tab-${tab}]`);
      const row =
        tab === 'events' ? 'streamed-event' : `realtime-${tab === 'webhooks' ? 'delivery' : tab.slice(0, -1)}`;
      await page.locator(`[data-testid=${row}] summary`).first().click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${tab} ${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  });
});
