import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchBrowser } from '../../test-support/browser.ts';
import type { Visit } from '../../test-support/api-visit.ts';
import { talk, writePages } from '../../test-support/hostile-site.ts';
import { HOSTILE, HOSTILE_PAGE, IMAGE, SCRIPT, TRACES } from '../../test-support/hostile-texts.ts';
import { openConsole } from '../../test-support/pages.ts';
import { formWith, gifWithHtml } from '../../test-support/sample-files.ts';
import { onLine, type SignedInAgent } from '../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';
import type { WoliveList, WoliveReply } from '../../test-support/wolive-calls.ts';
import type { ApiFile } from '../../web-app/src/front-doors/console-api/wire.ts';

/** Everything that anybody can write is a script here, and every page that shows it is opened. */

const PASSWORD = 'correct-horse-1';
const BUSINESS = 'shop';
const LOGIN = { business: BUSINESS, userName: 'sue', password: PASSWORD };

let stack: Stack;
let browser: Browser;
let context: BrowserContext;
let sue: SignedInAgent;
let guest: Visit;
/** Pages of another origin, without any policy: by path. */
const pages = new Map<string, string>();
let host: Server;
let hostUrl: string;
/** What ran that nobody but an attacker wrote. */
let executed: string[];

beforeAll(async () => {
  const agents = ['sue', 'tom'].map((user_name) => ({
    user_name,
    nick_name: IMAGE,
    password: PASSWORD,
    level: 'super_manager',
  }));
  const business = {
    business_id: BUSINESS,
    name: SCRIPT,
    legacy_visitors: true,
    greeting: HOSTILE.join(' '),
    offline_text: HOSTILE.join(' '),
    questions: [{ question: IMAGE, answer: HOSTILE.join('\n\n') }],
    agents,
  };
  stack = await startStack({ bootstrap: { businesses: [business] } });
  browser = await launchBrowser();
  host = createServer((req, res) => {
    const [path = ''] = (req.url ?? '').split('?');
    res.writeHead(pages.has(path) ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' }).end(pages.get(path));
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  hostUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  sue = await onLine(stack.webUrl, 'sue', PASSWORD);
  await writePages(sue);
  guest = await talk(stack.webUrl, BUSINESS, sue);
});

afterAll(async () => {
  sue?.leave();
  await browser?.close();
  host?.close();
  await stack?.stop();
});

beforeEach(async () => {
  executed = [];
  context = await browser.newContext({ locale: 'en-US' });
  await context.exposeFunction('executed', (what: unknown) => executed.push(String(what)));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      if (!effectiveDirective.startsWith('script')) return;
      const report = `${effectiveDirective} kept ${blockedURI} from running: ${sample}`;
      void (window as unknown as { executed(what: string): void }).executed(report);
    });
  });
  context.on('dialog', (dialog) => {
    executed.push(dialog.message());
    void dialog.dismiss();
  });
});

afterEach(() => context.close());

/** Nothing ran, nothing was kept from running, and nothing stands there that could. */
async function expectOnlyText(page: Page): Promise<void> {
  // What was put into the page a moment ago may still fail to load, or come into focus.
  await page.waitForTimeout(100);
  for (const frame of page.frames()) {
    const traces = await frame.locator(TRACES).evaluateAll((elements) => elements.map(({ outerHTML }) => outerHTML));
    expect({ frame: frame.url(), traces }).toEqual({ frame: frame.url(), traces: [] });
  }
  expect(executed).toEqual([]);
}

it('the ears are open: a page that trusts is caught', async () => {
  pages.set('/trusting', `<title>x</title><p>${IMAGE}${SCRIPT}</p>`);
  const page = await context.newPage();
  await page.goto(`${hostUrl}/trusting`);
  await page.waitForTimeout(100);
  expect(executed).toContain('1');
  expect(executed).toContain('2');
  expect(await page.locator(TRACES).count()).toBeGreaterThan(0);
});

it('in the host page and the panel, of a site with WoLive’s anchor', async () => {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const product = JSON.stringify({
    pid: IMAGE,
    url: 'javascript:executed(25)',
    img: 'x',
    title: IMAGE,
    info: SCRIPT,
    price: SCRIPT,
  });
  const anchor = {
    visiter_id: 'legacy',
    visiter_name: IMAGE,
    avatar: `x" onerror="executed(26)`,
    business_id: BUSINESS,
    product,
  };
  const attributes = Object.entries(anchor).map(([name, value]) => `${name}="${escaped(value)}"`);
  pages.set(
    '/host',
    `<!doctype html><title>${IMAGE}</title><body><h1>Shop</h1><a href="${stack.webUrl}" ${attributes.join(' ')} id="workerman-kefu"></a>
     <script src="${stack.webUrl}/assets/index/kefu_online.js"></script>`,
  );
  const page = await context.newPage();
  await page.goto(`${hostUrl}/host?${encodeURIComponent(IMAGE)}#${encodeURIComponent(IMAGE)}`);
  // What the business says by itself to who stays on the page.
  await page.locator('[data-testid=openkefu-card]', { hasText: 'executed(1)' }).waitFor();
  await expectOnlyText(page);
  await page.locator('[data-testid=openkefu-launcher]').click();
  const panel = page.frameLocator('iframe[data-testid=openkefu-panel]');
  const composer = panel.locator('[data-testid=composer]');
  await composer.waitFor();
  await panel.locator('[data-testid=product-offer]').waitFor();
  for (const text of [IMAGE, HOSTILE.join(' ')]) {
    await composer.fill(text);
    await composer.press('Enter');
  }
  await panel.locator('[data-testid=message][data-direction=out][data-seq]').nth(1).waitFor();
  const replied = await sue.calls.form<WoliveReply>('/admin/set/chats', {
    visiter_id: 'legacy',
    content: HOSTILE_PAGE,
  });
  expect(replied.body.code).toBe(0);
  await panel.locator('[data-testid=message][data-direction=in]').last().waitFor();
  await expectOnlyText(page);

  await panel.locator('[data-testid=tab-faqs]').click();
  await panel.locator('[data-testid=faq]').first().click();
  await expectOnlyText(page);
  for (const title of [IMAGE, SCRIPT]) {
    await panel.getByRole('tab', { name: title }).click();
    await panel.locator('[data-testid=tab-page] iframe').waitFor();
    await expectOnlyText(page);
  }
});

it('in the console: lists, thread, details, left messages, the realtime server’s stream', async () => {
  const realtime = await openConsole(stack.webUrl, context, LOGIN);
  await realtime.goto(`${stack.webUrl}/console/realtime/events`);
  await realtime.locator('[data-testid=event-stream]').waitFor();
  const page = await context.newPage();
  await page.goto(`${stack.webUrl}/console/inbox/mine/${guest.conversationId}`);
  await page.locator('[data-testid=message-text]').first().waitFor();
  await page.locator('[data-testid=message-file]').first().waitFor();
  await expectOnlyText(page);
  await guest.calls.json('POST', `/api/v1/conversations/${guest.conversationId}/messages`, {
    clientId: 'live',
    type: 'text',
    content: { text: `live ${HOSTILE.join(' ')}` },
  });
  await page.locator('[data-testid=message-text]', { hasText: 'live ' }).waitFor();
  const said = realtime.locator('[data-testid=streamed-event]', { hasText: 'executed(1)' }).first();
  await said.waitFor({ state: 'attached' });
  await said.locator('summary').click();
  await expectOnlyText(page);
  await expectOnlyText(realtime);
  await page.locator('[data-testid=transfer]').click();
  await page.locator('[data-testid=colleague]').first().waitFor();
  await expectOnlyText(page);
  await page.goto(`${stack.webUrl}/console/leave-messages`);
  await page.getByText('executed(1)').first().waitFor();
  await expectOnlyText(page);
});

it('in WoLive’s own pages, which put every content into themselves as HTML', async () => {
  const ids = { visiter_id: guest.session.visitorId, puttime: '7' };
  const { data } = (await sue.calls.form<WoliveList>('/admin/set/getviews', ids)).body;
  const listed = (await sue.calls.form<WoliveList>('/admin/set/getchats', {})).body.data;
  const arrived = await sue.calls.form<WoliveReply>('/admin/event/notice', {
    business_id: BUSINESS,
    visiter_id: 'greeted',
  });
  const ask = async (call: string) =>
    (await sue.calls.form<WoliveList>(`/admin/event/${call}`, { business_id: BUSINESS })).body.data;
  const contents = [...data, ...listed, arrived.body.data].map((row) => String(row['content']));
  const rendered = [
    ...(await ask('getquestion')).map((row) => String(row['answer_read'])),
    ...(await ask('gettablist')).map((row) => String(row['content_read'])),
  ];
  pages.set('/legacy', '<!doctype html><title>WoLive</title><div id="log"></div>');
  const page = await context.newPage();
  await page.goto(`${hostUrl}/legacy`);
  const shown = await page.evaluate(
    (all) =>
      all.map((content) => {
        const place = document.createElement('p');
        place.innerHTML = content;
        document.querySelector('#log')?.append(place);
        return place.textContent;
      }),
    [...contents, ...rendered],
  );
  await expectOnlyText(page);
  // Escaped exactly once: what is shown is what was written.
  for (const text of [...HOSTILE, HOSTILE_PAGE]) expect(shown).toContain(text);
});

it('in the form for left messages, which shows again what cannot be taken', async () => {
  const page = await context.newPage();
  await page.goto(`${stack.webUrl}/index/message?business_id=${BUSINESS}&lang=en`);
  for (const name of ['name', 'moblie', 'email'])
    await page.fill(`[name=${name}]`, `${SCRIPT} ${HOSTILE[3]} ${HOSTILE[7]}`);
  await page.fill('[name=content]', ' ');
  await Promise.all([page.waitForNavigation(), page.evaluate(() => document.forms[0]?.submit())]);
  expect(await page.inputValue('[name=name]')).toContain(SCRIPT);
  await expectOnlyText(page);
  for (const query of [
    `business_id=${encodeURIComponent(SCRIPT)}`,
    `business_id=${BUSINESS}&lang=${encodeURIComponent(SCRIPT)}`,
  ]) {
    for (const path of ['/index/message', '/demo', '/widget/panel/']) {
      await page.goto(`${stack.webUrl}${path}?${query}`);
      await expectOnlyText(page);
    }
  }
});

it('in a saved conversation, and in files that were sent up', async () => {
  const transcript = await guest.calls.get<string>(
    `/api/v1/conversations/${guest.conversationId}/transcript?format=html`,
  );
  expect(transcript.headers.get('content-disposition')).toMatch(/^attachment/);
  pages.set('/saved', transcript.body);
  const page = await context.newPage();
  await page.goto(`${hostUrl}/saved`);
  await expectOnlyText(page);
  for (const text of HOSTILE) {
    // Lines are kept apart by <br>.
    for (const line of text.split('\n')) expect(await page.locator('body').textContent()).toContain(line);
  }
  const { body } = await guest.calls.upload<ApiFile>(
    '/api/v1/files',
    formWith('file', { bytes: gifWithHtml, name: 'a.html' }),
  );
  await page.goto(stack.webUrl + body.url);
  await expectOnlyText(page);
});
