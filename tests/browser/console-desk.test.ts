import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import Pusher, { type Channel } from 'pusher-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagesOf, say, visit, type Visit } from '../../test-support/api-visit.ts';
import { launchBrowser } from '../../test-support/browser.ts';
import { httpCaller } from '../../test-support/http-calls.ts';
import { openConsole } from '../../test-support/pages.ts';
import { formWith, png } from '../../test-support/sample-files.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';
import type { ApiFile } from '../../web-app/src/front-doors/console-api/wire.ts';

const agent = (userName: string, nickName: string) => ({
  user_name: userName,
  nick_name: nickName,
  password: `${userName}-password-1`,
});
const login = (userName: string) => ({ business: 'acme', userName, password: `${userName}-password-1` });
const PICTURE = { name: 'red shoe.png', mimeType: 'image/png', buffer: png(640, 320) };
const ORDER = { name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('one shoe') };

let stack: Stack;
let browser: Browser;
let alices: BrowserContext;
let desk: Page;
let lin: Visit;

beforeAll(async () => {
  const agents = [agent('alice', 'Alice'), agent('bob', 'Bob')];
  stack = await startStack({
    bootstrap: { businesses: [{ business_id: 'acme', name: 'Acme', distribution_rule: 'auto', agents }] },
  });
  browser = await launchBrowser();
  alices = await browser.newContext({ locale: 'en-US', acceptDownloads: true, viewport: { width: 1440, height: 900 } });
  desk = await openConsole(stack.webUrl, alices, login('alice'));
  lin = await visit(stack.webUrl, 'acme', { name: 'Lin', email: 'lin@example.com', phone: '+86 139 0000 0000' });
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const message = (page: Page, filter: string) => page.locator(`[data-testid=message]${filter}`);
const path = (call: string) => `/api/v1/conversations/${lin.conversationId}/${call}`;

/** The visitor sends a file. */
async function sendFile(
  type: 'image' | 'file',
  file: { name: string; mimeType: string; buffer: Buffer },
): Promise<void> {
  const { body } = await lin.calls.upload<ApiFile>(
    '/api/v1/files',
    formWith('file', { bytes: file.buffer, name: file.name, type: file.mimeType }),
  );
  await lin.calls.json('POST', path('messages'), { clientId: file.name, type, content: { key: body.key } });
}

/** The channel on which both sides say what is not stored, as the visitor's page joins it. */
async function joinTalk(): Promise<{ talk: Channel; leave: () => void }> {
  const { key, host, port } = lin.session.pusher;
  const pusher = new Pusher(key, {
    cluster: '',
    wsHost: host,
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: `${stack.webUrl}/pusher/auth`,
      headers: { Authorization: `Bearer ${lin.session.token}` },
    },
  });
  const talk = pusher.subscribe(`private-talk${lin.conversationId}`);
  await new Promise((resolve) => talk.bind('pusher:subscription_succeeded', resolve));
  return { talk, leave: () => pusher.disconnect() };
}

async function choose(page: Page, action: string): Promise<void> {
  await page.click('[data-testid=more-actions]');
  await page.click(`[data-testid=action-${action}]`);
}

describe('the desk', () => {
  it('shows what a visitor sends, sends files back, and tells how far they came', async () => {
    await sendFile('image', PICTURE);
    await sendFile('file', ORDER);
    await desk.click(`[data-conversation-id="${lin.conversationId}"]`);
    const picture = message(desk, '[data-type=image][data-direction=in]').locator('button');
    await picture.waitFor();
    const box = await picture.boundingBox();
    expect([Math.round(box?.width ?? 0), Math.round(box?.height ?? 0)]).toEqual([320, 160]);
    const [download] = await Promise.all([
      desk.waitForEvent('download'),
      desk.click('[data-testid=message][data-direction=in] [data-testid=message-file]'),
    ]);
    expect(download.suggestedFilename()).toBe('order.txt');
    await desk.locator('[data-testid=visitor-email]', { hasText: 'lin@example.com' }).waitFor();
    await desk.locator('[data-testid=visitor-phone]', { hasText: '+86 139 0000 0000' }).waitFor();

    await desk.setInputFiles('[data-testid=file-input]', [
      PICTURE,
      { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
    await message(desk, '[data-state=failed]').getByText('the file is empty').waitFor();
    await desk.click('[data-testid=message][data-state=failed] [data-testid=discard]');
    const dropped = await desk.evaluateHandle(() => {
      const files = new DataTransfer();
      files.items.add(new File(['dropped here'], 'terms.txt', { type: 'text/plain' }));
      return files;
    });
    await desk.dispatchEvent('[role=log]', 'dragenter', { dataTransfer: dropped });
    await desk.waitForSelector('[data-testid=drop]');
    await desk.dispatchEvent('[role=log]', 'drop', { dataTransfer: dropped });
    await desk.waitForSelector('[data-testid=drop]', { state: 'detached' });
    await message(desk, '[data-type=file][data-direction=out][data-seq]').waitFor();
    const said = await messagesOf(lin.calls, lin.conversationId);
    expect(said.map(({ body }) => body)).toMatchObject([
      { type: 'system' },
      { type: 'image', content: { name: 'red shoe.png' } },
      { type: 'file', content: { name: 'order.txt' } },
      { type: 'image', content: { name: 'red shoe.png', width: 640 } },
      { type: 'file', content: { name: 'terms.txt', size: 12 } },
    ]);

    const last = said.at(-1)?.seq ?? 0;
    const reached = (state: string) => message(desk, `[data-seq="${last}"][data-state=${state}]`).waitFor();
    await reached('sent');
    await lin.calls.json('POST', path('delivered'), { seq: last });
    await reached('delivered');
    await lin.calls.json('POST', path('read'), { seq: last });
    await reached('read');

    await picture.click();
    await desk.locator('[data-testid=image-viewer] [role=status]', { hasText: '1 of 2' }).waitFor();
    await desk.keyboard.press('ArrowRight');
    await desk.locator('[data-testid=image-viewer] [role=status]', { hasText: '2 of 2' }).waitFor();
    await desk.keyboard.press('Escape');
    await desk.waitForSelector('[data-testid=image-viewer]', { state: 'detached' });
  });

  it('shows who types on both sides, and an emoji in what is sent', async () => {
    const { talk, leave } = await joinTalk();
    const typing = desk.locator('[data-testid=typing]', { hasText: 'Lin is typing' });
    talk.trigger('client-typing', { role: 'customer', typing: true });
    await typing.waitFor();
    await say(lin.calls, lin.conversationId, 'Do you have it in blue?');
    await typing.waitFor({ state: 'detached' });

    const heard: unknown[] = [];
    const stopped = new Promise<void>((resolve) =>
      talk.bind('client-typing', (data: { typing: boolean }) => {
        heard.push(data);
        if (!data.typing) resolve();
      }),
    );
    await desk.locator('[data-testid=composer]').pressSequentially('Yes ');
    await desk.click('[data-testid=emoji]');
    await desk.waitForSelector('[data-testid=emoji-picker]');
    await desk.keyboard.press('Enter');
    await desk.keyboard.press('Escape');
    await desk.locator('[data-testid=composer]').press('Enter');
    await desk.locator('[data-testid=message-text]', { hasText: 'Yes 😊' }).waitFor();
    await stopped;
    expect(heard).toEqual([
      { role: 'agent', typing: true },
      { role: 'agent', typing: false },
    ]);
    leave();
  });

  it('goes on in a tab whose token another sign-in has made worthless', async () => {
    const { userName, password } = login('alice');
    const answer = await alices.request.post(`${stack.webUrl}/api/v1/session`, { data: { userName, password } });
    expect(answer.status()).toBe(200);
    await desk.fill('[data-testid=composer]', 'Still here.');
    await desk.press('[data-testid=composer]', 'Enter');
    await message(desk, '[data-seq]').getByText('Still here.').waitFor();
  });

  it('asks for a rating, transfers by keyboard to a colleague who sees it all, and lets them black-list', async () => {
    await choose(desk, 'rating');
    await desk.waitForSelector('[data-notice=rating_requested]');
    await lin.calls.json('POST', path('rating'), { score: 4, comment: '' });
    await desk.locator('[data-notice=rated]', { hasText: '4 of 5' }).waitFor();
    await desk.locator('[data-testid=visitor-rating]', { hasText: '4 of 5' }).waitFor();

    const bobs = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const other = await openConsole(stack.webUrl, bobs, login('bob'));
    await desk.click('[data-testid=transfer]');
    await desk.locator('[data-testid=colleague][data-taking=free]', { hasText: 'Bob' }).waitFor();
    await desk.keyboard.type('bo');
    await desk.keyboard.press('Enter');
    await desk.locator('[data-testid=composer-reason]', { hasText: 'Bob is answering' }).waitFor();

    await other.click(`[data-conversation-id="${lin.conversationId}"]`);
    await other.locator('[data-notice=transferred]', { hasText: 'Alice transferred' }).waitFor();
    await message(other, '[data-type=image][data-direction=in]').waitFor();
    await choose(other, 'block');
    await other.click('[data-testid=confirm]');
    await other.waitForSelector('[data-testid=blacklisted-chip]');
    await other.waitForSelector('[data-testid=visitor-blacklisted]');
    expect((await say(lin.calls, lin.conversationId, 'Hello?')).status).toBe(403);
    await choose(other, 'unblock');
    await other.waitForSelector('[data-testid=blacklisted-chip]', { state: 'detached' });
    await other.click('[data-testid=reopen]');
    await other.waitForSelector('[data-testid=close-conversation]');
    expect((await say(lin.calls, lin.conversationId, 'Hello again')).status).toBe(201);
    await other.locator('[data-testid=message-text]', { hasText: 'Hello again' }).waitFor();
    const [transcript] = await Promise.all([other.waitForEvent('download'), choose(other, 'text')]);
    expect(transcript.suggestedFilename()).toBe(`conversation-${lin.conversationId}.txt`);
    await other.click('[data-testid=availability]');
    await other.check('[data-testid=status-offline]');
    await bobs.close();
  });

  it.each(['zh-CN', 'en-US'])('has nothing serious for axe in its new states: %s', async (locale) => {
    const left = { businessId: 'acme', name: 'Anna', email: 'anna@example.com', content: `Do you ship? ${locale}` };
    await httpCaller(stack.webUrl).json('POST', '/api/v1/leave-messages', left);
    const context = await browser.newContext({ locale, storageState: await alices.storageState() });
    const page = await context.newPage();
    const wrong: string[] = [];
    /** Each state in one theme and size, and in the other language in the other. */
    let looks = 0;
    const look = async (state: string, ...regions: string[]) => {
      looks += 1;
      const even = looks % 2 === (locale === 'en-US' ? 0 : 1);
      await page.emulateMedia({ colorScheme: even ? 'light' : 'dark', reducedMotion: 'reduce' });
      await page.setViewportSize({ width: even ? 1440 : 390, height: 844 });
      // Legacy: without a second page for the results, which only frames need.
      const whole = new AxeBuilder({ page }).setLegacyMode();
      const axe = regions.reduce((builder, region) => builder.include(region), whole);
      const { violations } = await axe.analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        wrong.push(
          `${state}, ${even ? 'light' : 'dark'}: ${id}: ${nodes.map(({ html }) => html.slice(0, 100)).join(' | ')}`,
        );
      }
    };

    await page.goto(`${stack.webUrl}/console/inbox/all/${lin.conversationId}`);
    await page.waitForSelector('[data-testid=message-image]');
    await look('thread', 'main', 'aside');
    await page.click('[data-testid=more-actions]');
    await page.waitForSelector('[role=menu]');
    await look('menu', 'header');
    await page.click('[data-testid=action-block]');
    await page.waitForSelector('[data-testid=confirm-dialog]');
    await look('question', 'dialog');
    await page.click('[data-testid=confirm-cancel]');
    await page.locator('[data-testid=message-image]').first().click();
    await page.waitForSelector('[data-testid=image-viewer] img');
    await look('pictures', 'dialog');
    await page.keyboard.press('Escape');

    const own = await visit(stack.webUrl, 'acme', { name: `Mia ${locale}` });
    await page.goto(`${stack.webUrl}/console/inbox/mine/${own.conversationId}`);
    await page.click('[data-testid=emoji]');
    await page.waitForSelector('[data-testid=emoji-picker]');
    await look('emoji', 'footer');
    await page.keyboard.press('Escape');
    await choose(page, 'transfer');
    await page.waitForSelector('[data-testid=colleague]');
    await look('transfer', 'dialog');
    await page.goto(`${stack.webUrl}/console/leave-messages`);
    await page.locator('[data-testid=leave-message]', { hasText: locale }).waitFor();
    await page.locator('[data-testid=leave-message] a', { hasText: 'anna@example.com' }).first().waitFor();
    await look('messages left', 'main', 'nav');
    expect(wrong).toEqual([]);
    await context.close();
  });
});
