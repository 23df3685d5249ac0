import { AxeBuilder } from '@axe-core/playwright';
import pg from 'pg';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import Pusher, { type Channel } from 'pusher-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagesOf, say } from '../../test-support/api-visit.ts';
import { launchBrowser } from '../../test-support/browser.ts';
import { onLine, signIn, type SignedInAgent } from '../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';
import type { ApiConversation, ApiMessage, ApiPage } from '../../web-app/src/front-doors/console-api/wire.ts';

const manager = (name: string) => ({
  user_name: name,
  nick_name: 'Alice',
  password: `${name}-password-1`,
  level: 'manager',
});
const site = (slug: string) => ({
  business_id: slug,
  name: 'Acme',
  distribution_rule: 'auto',
  greeting: 'Good day!',
  agents: [manager(`${slug}-alice`)],
});
/** A picture of 8 × 4 pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAIAAAA8r+mnAAAAEUlEQVR42mN4wqCNFTFQTwIAtZ4h4XSZqiMAAAAASUVORK5CYII=',
  'base64',
);

let stack: Stack;
let browser: Browser;
let database: pg.Client;

beforeAll(async () => {
  stack = await startStack({ bootstrap: { businesses: ['talk', 'empty', 'asking'].map(site) } });
  browser = await launchBrowser();
  database = new pg.Client(stack.databaseUrl);
  await database.connect();
  await database.query(
    `insert into faqs (business_id, question, answer, answer_html)
     select b.id, f.q, f.a, '<p>' || f.a || '</p>' from businesses b,
       (values ('How long does delivery take?', 'Two days.'), ('Can I send it back?', 'Within a month.')) as f (q, a)`,
  );
  await database.query(
    `insert into tabs (business_id, title, content_html)
     select id, 'About us', '<h2>Since 1999</h2><script>window.parent.hacked = true</script>' from businesses`,
  );
});

afterAll(async () => {
  await database?.end();
  await browser?.close();
  await stack?.stop();
});

const agentOf = (slug: string) => onLine(stack.webUrl, `${slug}-alice`, `${slug}-alice-password-1`);

async function openPanel(slug: string, context: BrowserContext): Promise<{ page: Page; panel: FrameLocator }> {
  const page = await context.newPage();
  await page.goto(`${stack.webUrl}/demo?business_id=${slug}`);
  await page.click('[data-testid=openkefu-launcher]');
  return { page, panel: page.frameLocator('iframe[data-testid=openkefu-panel]') };
}

/** The agent's only conversation in which something was said. */
async function conversationOf({ calls }: SignedInAgent): Promise<ApiConversation> {
  const { body } = await calls.get<ApiPage<ApiConversation>>('/api/v1/conversations');
  const [conversation] = body.items;
  if (!conversation) throw new Error('the agent has no conversation');
  return conversation;
}

/** The channel on which both sides say what is not stored. */
async function joinTalk(
  { me, calls }: SignedInAgent,
  conversationId: number,
): Promise<{ talk: Channel; leave: () => void }> {
  const { key, host, port } = me.pusher;
  const pusher = new Pusher(key, {
    cluster: '',
    wsHost: host,
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '/pusher/auth',
      customHandler: ({ socketId, channelName }, callback) => {
        calls
          .form<{ auth: string }>('/pusher/auth', { socket_id: socketId, channel_name: channelName })
          .then(({ body }) => callback(null, body))
          .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null));
      },
    },
  });
  const talk = pusher.subscribe(`private-talk${conversationId}`);
  await new Promise((resolve) => talk.bind('pusher:subscription_succeeded', resolve));
  return { talk, leave: () => pusher.disconnect() };
}

const bodies = (messages: ApiMessage[]) => messages.map(({ body }) => body);

describe('the panel', () => {
  it('sends pictures, files and a voice message, shows typing and ticks, ends, and takes a rating', async () => {
    const agent = await agentOf('talk');
    const context = await browser.newContext({ locale: 'en-US', acceptDownloads: true });
    const { page, panel } = await openPanel('talk', context);
    await panel.locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();

    await panel.locator('[data-testid=file-input]').setInputFiles([
      { name: 'red shoe.png', mimeType: 'image/png', buffer: PNG },
      { name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('one shoe') },
      { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
    await panel.locator('[data-testid=message][data-type=image][data-seq]').waitFor();
    await panel.locator('[data-testid=message][data-type=file][data-seq]').waitFor();
    const failed = panel.locator('[data-testid=message][data-state=failed]');
    await failed.getByText('the file is empty').waitFor();
    await failed.locator('[data-testid=discard]').click();
    await failed.waitFor({ state: 'detached' });

    await panel.locator('[data-testid=record]').click();
    await panel.locator('[data-testid=recorder][data-state=recording]').waitFor();
    await panel.locator('[data-testid=recorder]').getByText('0:01').waitFor();
    await panel.locator('[data-testid=recorder-send]').click();
    const voice = panel.locator('[data-testid=message][data-type=voice][data-seq]');
    await voice.waitFor();
    await voice.getByRole('button', { name: 'Play' }).click();
    await voice.locator('[data-playing=true]').waitFor();

    const conversation = await conversationOf(agent);
    const said = bodies(await messagesOf(agent.calls, conversation.id));
    expect(said).toMatchObject([
      { type: 'system' },
      { type: 'image', content: { name: 'red shoe.png', width: 8, height: 4 } },
      { type: 'file', content: { name: 'order.txt', size: 8 } },
      { type: 'voice' },
    ]);

    // The viewer covers the panel, and Escape closes the viewer alone.
    await panel.locator('[data-testid=message-image]').click();
    await panel.locator('[data-testid=viewer] img').waitFor();
    await page.keyboard.press('Escape');
    await panel.locator('[data-testid=viewer]').waitFor({ state: 'detached' });
    expect(await panel.locator('[data-testid=composer]').isVisible()).toBe(true);

    const { talk, leave } = await joinTalk(agent, conversation.id);
    const heard = new Promise((resolve) => talk.bind('client-typing', resolve));
    await panel.locator('[data-testid=composer]').pressSequentially('And');
    expect(await heard).toEqual({ role: 'customer', typing: true });
    talk.trigger('client-typing', { role: 'agent', typing: true });
    await panel.locator('[data-testid=typing]', { hasText: 'Alice is typing' }).waitFor();
    leave();
    await say(agent.calls, conversation.id, 'Nice shoe.');
    await panel.locator('[data-testid=message-text]', { hasText: 'Nice shoe.' }).waitFor();
    await panel.locator('[data-testid=typing]').waitFor({ state: 'detached' });
    await panel.locator('[data-testid=message][data-direction=out][data-state=read]').first().waitFor();

    await agent.calls.json('POST', `/api/v1/conversations/${conversation.id}/rating-request`, {});
    await panel.locator('[data-testid=rate-4]').check({ force: true });
    await panel.locator('[data-testid=rating-comment]').fill('Quick and kind');
    await panel.locator('[data-testid=rating-send]').click();
    await panel.locator('[data-testid=notice]', { hasText: '4 of 5' }).waitFor();

    await panel.locator('[data-testid=menu]').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel.locator('[data-testid=menu-transcript]').click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^chat-.*\.txt$/);

    await panel.locator('[data-testid=menu]').click();
    await panel.locator('[data-testid=menu-end]').click();
    await panel.locator('[data-testid=end-yes]').click();
    await panel.locator('[data-testid=notice][data-notice=closed]').waitFor();
    await context.close();
    agent.leave();
  });

  it('answers questions in the conversation, and shows pages in which no script runs', async () => {
    const agent = await agentOf('talk');
    const context = await browser.newContext({ locale: 'en-US' });
    const { page, panel } = await openPanel('talk', context);
    await panel.locator('[data-testid=tab-faqs]').click();
    await panel.locator('[data-testid=faq-search]').fill('send');
    await panel.locator('[data-testid=faq]', { hasText: 'delivery' }).waitFor({ state: 'detached' });
    await panel.locator('[data-testid=faq]', { hasText: 'send it back' }).click();
    await panel.locator('[data-testid=message-text]', { hasText: 'Within a month.' }).waitFor();

    await panel.getByRole('tab', { name: 'About us' }).click();
    await panel.frameLocator('[data-testid=tab-page] iframe').getByText('Since 1999').waitFor();
    const frame = page.frames().find((one) => one.url().includes('/widget/panel'));
    expect(await frame?.evaluate(() => 'hacked' in window)).toBe(false);
    await context.close();
    agent.leave();
  });

  it('carries what was typed into the form when the last agent leaves, and back when one comes', async () => {
    const agent = await agentOf('empty');
    const context = await browser.newContext({ locale: 'en-US' });
    const { panel } = await openPanel('empty', context);
    await panel.locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();
    await panel.locator('[data-testid=composer]').fill('Do you have it in blue?');
    agent.leave();
    const content = panel.locator('[data-testid=leave-content]');
    await content.waitFor({ timeout: 40_000 });
    expect(await content.inputValue()).toBe('Do you have it in blue?');

    await panel.locator('[data-testid=leave-send]').click();
    await panel.getByText('fill in an email address or a phone number').waitFor();
    await panel.locator('[data-testid=field-email]').fill('anna@example.com');
    await panel.locator('[data-testid=leave-send]').click();
    await panel.locator('[data-testid=leave-thanks]').waitFor();
    await panel.locator('[data-testid=leave-again]').click();
    await content.waitFor();
    expect(await content.inputValue()).toBe('');
    const { rows } = await database.query('select email, content from leave_messages');
    expect(rows).toEqual([{ email: 'anna@example.com', content: 'Do you have it in blue?' }]);

    await content.fill('Or in green?');
    const back = await agentOf('empty');
    const composer = panel.locator('[data-testid=composer]');
    await composer.waitFor();
    expect(await composer.inputValue()).toBe('Or in green?');
    await context.close();
    back.leave();
  });

  it('asks who a stranger is, and leads a whole conversation by keyboard alone', async () => {
    const boss = await signIn(stack.webUrl, 'asking-alice', 'asking-alice-password-1');
    const preChat = { enabled: true, fields: ['name', 'email'] };
    await boss.calls.json('PUT', '/api/v1/settings/widget', { accent: '#ffcc00', preChat });
    const agent = await agentOf('asking');
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(`${stack.webUrl}/demo?business_id=asking`);
    const panel = page.frameLocator('iframe[data-testid=openkefu-panel]');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.locator('[data-testid=openkefu-launcher]').focus();
    await press('Enter');
    await panel.locator('[data-testid=field-name]').waitFor();
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.tagName === 'IFRAME');
    const focused = panel.locator(':focus');
    const tabTo = async (testId: string) => {
      for (let count = 0; count < 20; count += 1) {
        if ((await focused.count()) > 0 && (await focused.getAttribute('data-testid')) === testId) return;
        await press('Tab');
      }
      throw new Error(`Tab does not lead to ${testId}`);
    };
    await tabTo('field-name');
    await page.keyboard.type('Anna');
    await press('Tab');
    await page.keyboard.type('anna@example.com');
    await press('Enter');
    await panel.locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();

    await tabTo('composer');
    await page.keyboard.type('Hello ');
    await tabTo('emoji');
    await press('Enter');
    await panel.locator('[data-testid=emoji-picker]').waitFor();
    await press('ArrowRight', 'ArrowDown', 'Enter', 'Escape');
    await panel.locator('[data-testid=emoji-picker]').waitFor({ state: 'detached' });
    await press('Shift+Tab', 'Enter');
    await panel
      .locator('[data-testid=message-text]', { hasText: 'Hello 😉' })
      .or(panel.getByText('Hello 😘'))
      .first()
      .waitFor();
    const conversation = await conversationOf(agent);
    expect(conversation.customer).toMatchObject({ name: 'Anna', email: 'anna@example.com', phone: '' });

    await agent.calls.json('POST', `/api/v1/conversations/${conversation.id}/close`, {});
    await panel.locator('[data-testid=rate-1]').waitFor({ state: 'attached' });
    await tabTo('menu');
    await press('Enter', 'Enter');
    await tabTo('rate-1');
    await press('Space', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Tab', 'Tab', 'Enter');
    await panel.locator('[data-testid=notice]', { hasText: '4 of 5' }).waitFor();
    await press('Escape');
    await panel.locator('[data-testid=composer]').waitFor({ state: 'hidden' });
    await context.close();
    agent.leave();
  });

  it.each(['zh-CN', 'en-US'])('has nothing serious for axe in any state: %s', async (locale) => {
    const agent = await agentOf('talk');
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    const panel = page.locator('body');
    const wrong: string[] = [];
    /** Each state in one theme and size, and in the other language in the other. */
    let looks = 0;
    const look = async (state: string) => {
      looks += 1;
      const even = looks % 2 === (locale === 'en-US' ? 0 : 1);
      const colorScheme = even ? 'light' : 'dark';
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width: even ? 1000 : 390, height: 800 });
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        wrong.push(`${state}, ${colorScheme}: ${id}: ${nodes.map(({ html }) => html.slice(0, 100)).join(' | ')}`);
      }
    };

    await page.goto(`${stack.webUrl}/widget/panel/?business_id=talk`);
    await panel.locator('[data-testid=agent-name]').waitFor();
    await panel.locator('[data-testid=file-input]').setInputFiles([
      { name: 'red shoe.png', mimeType: 'image/png', buffer: PNG },
      { name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('one shoe') },
      { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
    await panel.locator('[data-testid=message][data-type=file][data-seq]').waitFor();
    const conversation = await conversationOf(agent);
    await agent.calls.json('POST', `/api/v1/conversations/${conversation.id}/rating-request`, {});
    await panel.locator('[data-testid=rate-3]').check({ force: true });
    await look('messages and rating');
    await panel.locator('[data-testid=emoji]').click();
    await panel.locator('[data-testid=emoji-picker]').waitFor();
    await look('emoji');
    await page.keyboard.press('Escape');
    await panel.locator('[data-testid=menu]').click();
    await panel.getByRole('menu').waitFor();
    await look('menu');
    await page.keyboard.press('Escape');
    await panel.locator('[data-testid=message-image]').click();
    await panel.locator('[data-testid=viewer]').waitFor();
    await look('viewer');
    await page.keyboard.press('Escape');
    await panel.locator('[data-testid=tab-faqs]').click();
    await panel.locator('[data-testid=faq]').first().waitFor();
    await look('questions');
    await page.goto(`${stack.webUrl}/widget/panel/?business_id=empty`);
    await panel.locator('[data-testid=leave-send]').click();
    await look('leave a message');
    expect(wrong).toEqual([]);
    await context.close();
    agent.leave();
  });
});
