import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { say } from '../../test-support/api-visit.ts';
import { launchBrowser } from '../../test-support/browser.ts';
import { onLine, type SignedInAgent } from '../../test-support/signed-in-agent.ts';
import { startSite, type SiteServer } from '../../test-support/site-server.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';
import type { ApiConversation, ApiPage } from '../../web-app/src/front-doors/console-api/wire.ts';

const require = createRequire(import.meta.url);
const PASSWORD = 'correct-horse-1';
const SLUGS = ['acme', 'tabs', 'styled', 'asking', 'speaking'] as const;
const business = (slug: string, widget: object = {}) => ({
  business_id: slug,
  name: slug,
  distribution_rule: 'auto',
  agents: [{ user_name: `${slug}-alice`, nick_name: 'Alice', password: PASSWORD, level: 'manager' }],
  widget,
});

let stack: Stack;
let site: SiteServer;
let browser: Browser;
/** Somebody is there at each business. */
const agents = new Map<string, SignedInAgent>();
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  const styled = {
    accent: '#ffcc00',
    position: 'left',
    launcherText: 'Ask us',
    title: 'Help',
    avatar: '/assets/images/index/im.png',
  };
  const proactive = [{ page: '/cart*=2', afterS: 1, text: 'Can we help with your order?' }];
  const widgets: Partial<Record<(typeof SLUGS)[number], object>> = {
    styled,
    asking: { consent: 'ask', proactive },
    speaking: { proactive },
  };
  stack = await startStack({
    bootstrap: {
      businesses: SLUGS.map((slug) => business(slug, widgets[slug])),
    },
  });
  for (const slug of SLUGS) agents.set(slug, await onLine(stack.webUrl, `${slug}-alice`, PASSWORD));
  site = await startSite();
  browser = await launchBrowser();
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

afterAll(async () => {
  for (const agent of agents.values()) agent.leave();
  await browser?.close();
  await site?.stop();
  await stack?.stop();
});

/** What README and docs/widget.md ask of a site's policy, and nothing else. */
const documentedPolicy = () => `default-src 'none'; script-src ${stack.webUrl}; frame-src ${stack.webUrl}`;

const page = (body: string, head = '') =>
  `<!doctype html><html lang="en"><head><title>Shop</title>${head}</head><body><main><h1>Shop</h1><p>Goods.</p>${body}</main></body></html>`;
const snippet = (slug: string, attributes = '') =>
  `<script async src="${stack.webUrl}/widget.js" data-business-id="${slug}" ${attributes}></script>`;

async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1200, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  contexts.push(context);
  return context;
}

interface Seen {
  /** What the policy refused. */
  violations: string[];
  /** The sum of all layout shifts. */
  shift: number;
}

/** A tab that notes what its page's policy refuses, and how much its layout shifts. */
async function openTab(context: BrowserContext): Promise<{ tab: Page; seen: () => Promise<Seen>; requests: string[] }> {
  const tab = await context.newPage();
  const requests: string[] = [];
  tab.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin === stack.webUrl && request.frame() === tab.mainFrame()) requests.push(pathname);
  });
  await tab.addInitScript(() => {
    const noted: Seen = { violations: [], shift: 0 };
    Object.assign(window, { noted });
    addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
      noted.violations.push(`${effectiveDirective} ${blockedURI}`);
    });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) noted.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return { tab, requests, seen: () => tab.evaluate(() => (window as unknown as { noted: Seen }).noted) };
}

const launcher = (tab: Page) => tab.locator('[data-testid=openkefu-launcher]');
const panelOf = (tab: Page) => tab.frameLocator('iframe[data-testid=openkefu-panel]');
const composer = (tab: Page) => panelOf(tab).locator('[data-testid=composer]');
const phase = (tab: Page) => tab.locator('openkefu-launcher').getAttribute('data-phase');
const kept = (tab: Page) => tab.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage } }));
const nothing = { local: {}, session: {} };

function agentOf(slug: string): SignedInAgent {
  const agent = agents.get(slug);
  if (!agent) throw new Error(`nobody is at ${slug}`);
  return agent;
}

async function conversationOf({ calls }: SignedInAgent): Promise<number> {
  const { body } = await calls.get<ApiPage<ApiConversation>>('/api/v1/conversations');
  const [conversation] = body.items;
  if (!conversation) throw new Error('the agent has no conversation');
  return conversation.id;
}

async function findings(tab: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: tab }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

describe('on a page with the documented policy and nothing more', () => {
  it('asks for loader and settings alone, keeps nothing, moves nothing; then chats, and tells the site', async () => {
    const agent = agentOf('acme');
    const { tab, seen, requests } = await openTab(await openContext());
    await tab.goto(site.publish('/shop', { html: page('', snippet('acme')), policy: documentedPolicy() }));
    await launcher(tab).waitFor();
    expect(requests).toEqual(['/widget.js', '/api/v1/config.js']);
    expect(await kept(tab)).toEqual(nothing);

    await tab.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      for (const name of ['ready', 'open', 'close', 'message', 'status', 'assigned', 'unread', 'error']) {
        addEventListener(`kefu:${name}`, () => heard.push(name));
      }
    });
    await launcher(tab).click();
    await composer(tab).fill('Is it in stock?');
    await composer(tab).press('Enter');
    await panelOf(tab).locator('[data-testid=message][data-seq]', { hasText: 'in stock' }).waitFor();
    await tab.keyboard.press('Escape');
    await composer(tab).waitFor({ state: 'hidden' });
    await say(agent.calls, await conversationOf(agent), 'Two are left.');
    await tab.locator('[data-testid=openkefu-unread]', { hasText: '1' }).waitFor();
    expect(await tab.title()).toBe('(1) Shop');
    const heard = await tab.evaluate(() => (window as unknown as { heard: string[] }).heard);
    for (const name of ['ready', 'open', 'message', 'status', 'assigned', 'close', 'unread'])
      expect(heard).toContain(name);
    expect(heard).not.toContain('error');
    expect(await seen()).toEqual({ violations: [], shift: 0 });

    // A page transition swaps the body, or writes the whole document anew.
    await launcher(tab).click();
    await composer(tab).waitFor();
    await tab.evaluate(() => {
      document.body = document.createElement('body');
    });
    await composer(tab).fill('Still here');
    await tab.evaluate(() => {
      const next = document.createElement('html');
      next.append(document.createElement('head'), document.createElement('body'));
      document.replaceChild(next, document.documentElement);
    });
    await composer(tab).waitFor();
    await panelOf(tab).locator('[data-testid=message]', { hasText: 'Two are left.' }).waitFor();
  });

  it('looks as the business has it, and does without a picture that the policy refuses', async () => {
    const { tab } = await openTab(await openContext());
    const html = page('', snippet('styled', 'data-locale="en"'));
    await tab.goto(site.publish('/styled', { html, policy: documentedPolicy() }));
    await launcher(tab).waitFor();
    expect(await launcher(tab).innerText()).toBe('Ask us');
    expect(await launcher(tab).evaluate((button) => getComputedStyle(button).color)).toBe('rgb(0, 0, 0)');
    await launcher(tab).locator('img').waitFor({ state: 'detached' });
    const box = await launcher(tab).boundingBox();
    expect(box?.x).toBe(20);
    await launcher(tab).click();
    await composer(tab).waitFor();
    expect((await tab.locator('iframe[data-testid=openkefu-panel]').boundingBox())?.x).toBe(20);
    expect(await tab.locator('iframe[data-testid=openkefu-panel]').getAttribute('title')).toBe('Help');
    expect(await findings(tab)).toEqual([]);
  });
});

describe('calls', () => {
  it('made before anything has loaded are kept, in order', async () => {
    const inline = `window.OpenKefu=window.OpenKefu||function(){(OpenKefu.q=OpenKefu.q||[]).push(arguments)};
      OpenKefu('on','open',function(){document.title='opened'});
      OpenKefu('boot',{business_id:'acme',locale:'en'});
      OpenKefu('identify',{name:'Ann',email:'ann@example.com'});
      OpenKefu('prefill','About order 7');`;
    const html = page(
      '',
      `<script nonce="n1">${inline}</script><script async nonce="n1" src="${stack.webUrl}/widget.js"></script>`,
    );
    const policy = `default-src 'none'; script-src 'nonce-n1'; frame-src ${stack.webUrl}`;
    const { tab, seen } = await openTab(await openContext());
    const agent = agentOf('acme');
    await tab.goto(site.publish('/early', { html, policy }));
    await composer(tab).waitFor();
    await tab.waitForFunction(() => document.title === 'opened');
    await panelOf(tab).locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();
    expect(await composer(tab).inputValue()).toBe('About order 7');
    const { body } = await agent.calls.get<ApiPage<ApiConversation>>('/api/v1/conversations');
    expect(body.items.map(({ customer }) => [customer.name, customer.email])).toContainEqual([
      'Ann',
      'ann@example.com',
    ]);
    expect((await seen()).violations).toEqual([]);
  });

  it('that cannot be carried out are told to the developer, and break no page', async () => {
    const { tab } = await openTab(await openContext());
    const said: string[] = [];
    const thrown: Error[] = [];
    tab.on('console', (message) => said.push(message.text()));
    tab.on('pageerror', (error) => thrown.push(error));
    await tab.goto(site.publish('/wrong', { html: page('', snippet('acme')) }));
    await launcher(tab).waitFor();
    await tab.evaluate(() => {
      const openKefu = (window as unknown as { OpenKefu: (...args: unknown[]) => void }).OpenKefu;
      openKefu('explode');
      openKefu('setTheme', 7);
      openKefu('on', 'message');
    });
    await expect.poll(() => said.filter((text) => text.startsWith('OpenKefu: '))).toHaveLength(3);
    expect(thrown).toEqual([]);
  });
});

describe("WoLive's anchor", () => {
  const product = JSON.stringify({ pid: '7', url: '/shoe', img: '', title: 'Red shoe', info: '', price: '¥ 9' });
  const anchor = () =>
    `<style>.kefu_box{top:30%;right:7%}</style>
     <a href='${stack.webUrl}' visiter_id='' visiter_name='' avatar='' business_id='acme' product='${product}' id='workerman-kefu'>Help</a>
     <script src='${stack.webUrl}/assets/index/kefu_online.js'></script>`;

  const jQuery = readFileSync(require.resolve('jquery/dist/jquery.min.js'), 'utf8');
  const pages = [
    { name: 'without jQuery', path: '/anchor', head: '' },
    { name: 'with jQuery', path: '/anchor-jquery', head: `<script>${jQuery}</script>` },
  ];

  it.each(pages)('opens by launcher or anchor, styled by the site, and offers the product, $name', async (host) => {
    const { tab } = await openTab(await openContext());
    await tab.goto(site.publish(host.path, { html: page(anchor(), host.head) }));
    // The site's own jQuery, or none.
    expect(await tab.evaluate(() => typeof Reflect.get(window, 'jQuery'))).toBe(host.head ? 'function' : 'undefined');
    const box = tab.locator('.kefu_box');
    await box.waitFor();
    expect(await box.evaluate((host) => getComputedStyle(host).backgroundImage)).toContain(
      '/assets/images/index/im.png',
    );
    expect(Math.round((await box.boundingBox())?.y ?? 0)).toBe(240);
    await tab.evaluate(() => document.querySelector<HTMLElement>('.kefu_box')?.click());
    await panelOf(tab).locator('[data-testid=product-offer]', { hasText: 'Red shoe' }).waitFor();
    await panelOf(tab).getByRole('button', { name: 'Close' }).click();
    await composer(tab).waitFor({ state: 'hidden' });
    await tab.click('#workerman-kefu');
    await composer(tab).waitFor();
    expect(tab.url()).toBe(site.origin + host.path);
  });
});

describe('on a phone', () => {
  it('fills the screen, holds the page still, and closes by the back button', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const { tab } = await openTab(await openContext(phone));
    const html = page(
      '<div style="height:3000px"></div>',
      `<meta name="viewport" content="width=device-width">${snippet('acme')}`,
    );
    await tab.goto(site.publish('/phone', { html }));
    await launcher(tab).tap();
    await composer(tab).waitFor();
    const box = await tab.locator('openkefu-panel').boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
    expect(await tab.evaluate(() => getComputedStyle(document.documentElement).overflow)).toBe('hidden');
    await tab.goBack();
    await composer(tab).waitFor({ state: 'hidden' });
    expect(await tab.evaluate(() => getComputedStyle(document.documentElement).overflow)).not.toBe('hidden');
    expect(tab.url()).toBe(`${site.origin}/phone`);
    // It would cover the next page.
    await tab.reload();
    await launcher(tab).waitFor();
    expect(await phase(tab)).toBe('closed');
  });
});

describe('consent', () => {
  it('is asked for at the first open; before it nothing is kept and no frame is there', async () => {
    const context = await openContext({ colorScheme: 'dark' });
    const { tab, seen } = await openTab(context);
    const address = site.publish('/cart', { html: page('', snippet('asking')), policy: documentedPolicy() });
    await tab.goto(`${address}?step=2`);
    // What was said unasked is forgotten with the page.
    await tab.locator('[data-testid=openkefu-said]').waitFor();
    await tab.locator('[data-testid=openkefu-dismiss]').click();
    await launcher(tab).click();
    const agree = tab.locator('[data-testid=openkefu-agree]');
    await agree.waitFor();
    expect(await findings(tab)).toEqual([]);
    await tab.keyboard.press('Escape');
    await agree.waitFor({ state: 'detached' });
    expect(await tab.locator('openkefu-panel iframe').count()).toBe(0);
    expect(await kept(tab)).toEqual(nothing);

    await launcher(tab).click();
    await agree.press('Enter');
    await panelOf(tab).locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();
    expect(Object.keys((await kept(tab)).local)).toEqual(['kefu.asking']);
    expect((await seen()).violations).toEqual([]);
    await tab.reload();
    await composer(tab).waitFor();
  });
});

describe('a message unasked', () => {
  it('comes on its page after its time, is sent away for the session, and leads into the chat', async () => {
    const context = await openContext({ viewport: { width: 390, height: 700 } });
    const { tab, seen } = await openTab(context);
    const address = site.publish('/cart', { html: page('', snippet('speaking')), policy: documentedPolicy() });
    const said = tab.locator('[data-testid=openkefu-said]');
    await tab.goto(`${address}?step=1`);
    await launcher(tab).waitFor();
    await tab.evaluate(() => history.pushState(null, '', '?step=2'));
    await said.waitFor();
    expect(await said.innerText()).toBe('Can we help with your order?');
    expect(await findings(tab)).toEqual([]);
    expect(await kept(tab)).toEqual(nothing);
    await tab.reload();
    await said.waitFor();
    await tab.locator('[data-testid=openkefu-dismiss]').click();
    await tab.reload();
    await launcher(tab).waitFor();
    await tab.waitForFunction(() => performance.now() > 2500);
    expect(await said.count()).toBe(0);

    const { tab: fresh } = await openTab(await openContext());
    await fresh.goto(`${address}?step=2`);
    await fresh.locator('[data-testid=openkefu-said]').click();
    await composer(fresh).waitFor();
    expect((await seen()).violations).toEqual([]);
  });
});

describe('where the frame is blocked', () => {
  it('leaves the page free and offers the chat in a new tab', async () => {
    const context = await openContext();
    const { tab } = await openTab(context);
    await tab.clock.install();
    const policy = `default-src 'none'; script-src ${stack.webUrl}`;
    await tab.goto(site.publish('/blocked', { html: page('', snippet('acme')), policy }));
    await launcher(tab).click();
    await tab.locator('iframe[data-testid=openkefu-panel]').waitFor({ state: 'attached' });
    expect(await tab.locator('openkefu-panel').isVisible()).toBe(false);
    await tab.clock.fastForward(8000);
    const wayOut = tab.getByRole('link', { name: 'Continue in a new tab' });
    await wayOut.waitFor();
    expect(await tab.locator('iframe[data-testid=openkefu-panel]').count()).toBe(0);
    const [opened] = await Promise.all([context.waitForEvent('page'), wayOut.click()]);
    await opened.locator('[data-testid=composer]').waitFor();
  });
});

// Last: who is there has to come back after it.
describe('two tabs of one visitor', () => {
  it('open and close together, share drafts and what was read, and outlive the realtime server', async () => {
    const agent = agentOf('tabs');
    const context = await openContext();
    const address = site.publish('/tabs', { html: page('', snippet('tabs')) });
    const [{ tab: one }, { tab: other }] = [await openTab(context), await openTab(context)];
    await one.goto(address);
    await other.goto(address);
    await launcher(one).click();
    await composer(one).waitFor();
    await composer(other).waitFor();

    await composer(one).fill('Half a sent');
    await expect.poll(() => composer(other).inputValue()).toBe('Half a sent');
    await composer(one).fill('A whole sentence.');
    await composer(one).press('Enter');
    await panelOf(other).locator('[data-testid=message][data-seq]', { hasText: 'A whole sentence.' }).waitFor();
    await expect.poll(() => composer(other).inputValue()).toBe('');

    await one.keyboard.press('Escape');
    await composer(one).waitFor({ state: 'hidden' });
    await composer(other).waitFor({ state: 'hidden' });
    const conversation = await conversationOf(agent);
    await say(agent.calls, conversation, 'Good day.');
    const badge = (tab: Page) => tab.locator('[data-testid=openkefu-unread]');
    await badge(one).filter({ hasText: '1' }).waitFor();
    await badge(other).filter({ hasText: '1' }).waitFor();

    await stack.restartPusher();
    await say(agent.calls, conversation, 'Still there?');
    await badge(one).filter({ hasText: '2' }).waitFor({ timeout: 40_000 });
    await badge(other).filter({ hasText: '2' }).waitFor({ timeout: 40_000 });
    await launcher(other).click();
    await badge(one).waitFor({ state: 'hidden' });
    await badge(other).waitFor({ state: 'hidden' });

    await other.evaluate(() => (window as unknown as { OpenKefu: (command: string) => void }).OpenKefu('logout'));
    await expect.poll(() => phase(one)).toBe('closed');
    expect((await kept(one)).local).toEqual({});
  });
});
