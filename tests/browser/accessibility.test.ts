import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../test-support/browser.ts';
import { openConsole, openWidget } from '../../test-support/pages.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';

const carol = { business: 'acme', userName: 'carol', password: 'carol-password-1' };
const acme = {
  businesses: [
    {
      business_id: 'acme',
      name: 'Acme',
      distribution_rule: 'auto',
      greeting: 'Good day!',
      agents: [{ user_name: 'carol', nick_name: 'Carol', password: 'carol-password-1', level: 'manager' }],
    },
  ],
};

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  stack = await startStack({ bootstrap: acme });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** What axe finds that is serious or critical, in every frame of the page. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

describe.each([
  { locale: 'zh-CN', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { locale: 'en-US', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const)('axe finds nothing serious: $locale, $colorScheme, $viewport.width px', (options) => {
  it('in sign-in, inbox and thread, and in the shop with the chat open', async () => {
    const signIn = await (await browser.newContext(options)).newPage();
    await signIn.goto(`${stack.webUrl}/console/`);
    await signIn.waitForSelector('[data-testid=sign-in]');
    expect(await findings(signIn)).toEqual([]);
    await signIn.context().close();

    const agent = await browser.newContext(options);
    const visitor = await browser.newContext(options);
    const desk = await openConsole(stack.webUrl, agent, carol);
    const { page, panel } = await openWidget(stack.webUrl, visitor, 'acme');
    await panel.locator('[data-testid=agent-name]', { hasText: 'Carol' }).waitFor();
    await panel.locator('[data-testid=composer]').fill('Hello?');
    await panel.locator('[data-testid=composer]').press('Enter');
    await desk.locator('[data-testid=conversation-row]', { hasText: 'Hello?' }).first().waitFor();
    expect(await findings(desk)).toEqual([]);

    await desk.locator('[data-testid=conversation-row]', { hasText: 'Hello?' }).first().click();
    await desk.locator('[data-testid=message-text]', { hasText: 'Hello?' }).waitFor();
    await desk.locator('[data-testid=composer]').fill('Good day, how can I help?');
    await desk.locator('[data-testid=composer]').press('Enter');
    await panel.locator('[data-testid=message-text]', { hasText: 'how can I help' }).waitFor();
    expect(await findings(desk)).toEqual([]);
    expect(await findings(page)).toEqual([]);
    await Promise.all([agent.close(), visitor.close()]);
  });
});
