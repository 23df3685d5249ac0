import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../../test-support/browser.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  stack = await startStack();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** Nothing serious for axe, nothing wider than the screen. */
async function looksRight(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual(
    [],
  );
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

const LOOKS: BrowserContextOptions[] = [
  { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { locale: 'en-US', colorScheme: 'light', viewport: { width: 360, height: 740 } },
];

it('the first two steps, by day and night, on a desk and on a telephone, in both languages', async () => {
  for (const look of LOOKS) {
    const page = await (await browser.newContext(look)).newPage();
    await page.goto(`${stack.webUrl}/install.php`);
    expect(await page.getAttribute('html', 'lang')).toBe(look.locale === 'zh-CN' ? 'zh-CN' : 'en');
    await looksRight(page);
    await page.fill('input[name=code]', 'not-the-code');
    await page.click('button');
    await page.waitForSelector('[role=alert]');
    await looksRight(page);
    await page.fill('input[name=code]', stack.web.installCode ?? '');
    await page.click('button');
    await page.waitForSelector('.checks');
    expect(await page.locator('.checks .good').count()).toBe(4);
    await looksRight(page);
    await page.click('.action');
    await page.fill('input[name=user_name]', 'two words');
    await page.fill('input[name=password]', 'correct-horse-1');
    await page.fill('input[name=password2]', 'correct-horse-1');
    await page.fill('input[name=business_id]', 'acme');
    await page.fill('input[name=name]', '青山器物');
    await page.check('input[value=no]');
    await page.click('button');
    await page.waitForSelector('[role=alert]');
    expect(await page.inputValue('input[name=name]')).toBe('青山器物');
    expect(await page.inputValue('input[name=password]')).toBe('');
    await looksRight(page);
    await page.context().close();
  }
});

it('to the end with the keyboard alone, and into the console', async () => {
  const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  await page.goto(`${stack.webUrl}/install?code=${stack.web.installCode ?? ''}`);
  expect(page.url()).toBe(`${stack.webUrl}/install?lang=zh-CN`);
  await page.locator('.action').press('Enter');
  const typed = [
    ['user_name', 'owner'],
    ['password', 'correct-horse-1'],
    ['password2', 'correct-horse-1'],
    ['business_id', 'acme'],
    ['name', '青山器物'],
  ] as const;
  await page.locator('input[name=user_name]').focus();
  for (const [name, text] of typed) {
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
    expect(await page.inputValue(`input[name=${name}]`)).toBe(text);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('pre');
  await looksRight(page);
  await page.click('.action');
  await page.fill('input[name=userName]', 'owner');
  await page.fill('input[name=password]', 'correct-horse-1');
  await page.click('[data-testid=sign-in]');
  await page.waitForSelector('[data-testid=connection][data-state=online]', { state: 'attached' });
  expect((await page.goto(`${stack.webUrl}/install`))?.status()).toBe(404);
});
