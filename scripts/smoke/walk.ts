import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PlainError } from '../setup/terminal.mjs';
import { openConversation } from './open-conversation.ts';
import { say, write, type ChatSide } from './chat-side.ts';

export interface WalkOptions {
  /** Of web-app, without a slash at the end. */
  readonly url: string;
  readonly business: string;
  readonly user: string;
  readonly password: string;
  /** Where the four screenshots go. */
  readonly folder: string;
}

const desktop = { width: 1280, height: 800 };

/** Demo page → widget → console → answer, with a screenshot of each; both sides are left open. */
export async function walk(browser: Browser, options: WalkOptions): Promise<{ visitor: ChatSide; agent: ChatSide }> {
  const { url, business, user, password, folder } = options;
  mkdirSync(folder, { recursive: true });
  const question = `您好，请问这个还有货吗？ ${Date.now().toString(36)}`;

  const shop = await (await browser.newContext({ locale: 'zh-CN', viewport: desktop })).newPage();
  await shop.goto(`${url}/demo?business_id=${encodeURIComponent(business)}`);
  await shop.locator('[data-testid=openkefu-launcher]').waitFor();
  await shop.screenshot({ path: join(folder, '1-demo-page.png') });

  await shop.click('[data-testid=openkefu-launcher]');
  const visitor: ChatSide = {
    name: 'the visitor',
    page: shop,
    place: shop.frameLocator('iframe[data-testid=openkefu-panel]'),
  };
  await reachComposer(visitor);
  await write(visitor, question);
  await visitor.place.locator('[data-testid=message][data-direction=out]', { hasText: question }).waitFor();
  await shop.screenshot({ path: join(folder, '2-visitor-writes.png') });

  const desk = await (await browser.newContext({ locale: 'zh-CN', viewport: desktop })).newPage();
  await signIn(desk, url, user, password);
  const agent: ChatSide = { name: 'the agent', page: desk, place: desk };
  await openConversation(desk, question);
  await agent.place.locator('[data-testid=message][data-direction=in]', { hasText: question }).waitFor();
  const answer = `有的，今天下单明天就能到。 ${Date.now().toString(36)}`;
  await say(agent, visitor, answer);
  await desk.screenshot({ path: join(folder, '3-agent-answers.png') });
  await shop.screenshot({ path: join(folder, '4-visitor-reads.png') });
  return { visitor, agent };
}

/** While nobody is there the panel offers a form first; the walk writes into the conversation all the same. */
async function reachComposer({ place }: ChatSide): Promise<void> {
  const composer = place.locator('[data-testid=composer]');
  const toChat = place.locator('[data-testid=leave-to-chat]');
  await composer.or(toChat).first().waitFor();
  if (await toChat.isVisible()) await toChat.click();
  await composer.waitFor();
}

async function signIn(page: Page, url: string, user: string, password: string): Promise<void> {
  await page.goto(`${url}/console/`);
  await page.fill('input[name=userName]', user);
  await page.fill('input[name=password]', password);
  await page.click('[data-testid=sign-in]');
  const problem = page.locator('[data-testid=sign-in-problem]');
  const inside = page.locator('[data-testid=tab-mine]');
  await inside.or(problem).first().waitFor();
  if (await problem.isVisible()) {
    throw new PlainError(`The console did not let '${user}' in: ${(await problem.textContent())?.trim() ?? ''}`);
  }
}
