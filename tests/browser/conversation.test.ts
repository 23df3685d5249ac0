import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../test-support/browser.ts';
import { openConsole, openWidget } from '../../test-support/pages.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';

const acme = {
  businesses: [
    {
      business_id: 'acme',
      name: 'Acme',
      distribution_rule: 'auto',
      agents: [{ user_name: 'alice', nick_name: 'Alice', password: 'alice-password-1', level: 'manager' }],
    },
    {
      business_id: 'claimed',
      name: 'Claimed',
      distribution_rule: 'claim',
      agents: [{ user_name: 'bob', nick_name: 'Bob', password: 'bob-password-1', level: 'service' }],
    },
  ],
};

const alice = { business: 'acme', userName: 'alice', password: 'alice-password-1' };
const bob = { business: 'claimed', userName: 'bob', password: 'bob-password-1' };

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

async function write(place: Page | FrameLocator, text: string): Promise<void> {
  const composer = place.locator('[data-testid=composer]');
  await composer.fill(text);
  await composer.press('Enter');
}

const incoming = (place: Page | FrameLocator, text: string) =>
  place.locator('[data-testid=message][data-direction=in] [data-testid=message-text]', { hasText: text });

describe('a conversation in two browsers', () => {
  it('goes from the visitor to the agent and back, with read ticks, over a reload and in two tabs', async () => {
    const agentContext = await browser.newContext({ locale: 'en-US' });
    const visitorContext = await browser.newContext({ locale: 'zh-CN' });
    const desk = await openConsole(stack.webUrl, agentContext, alice);
    const { page, panel } = await openWidget(stack.webUrl, visitorContext, 'acme');

    await panel.locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();
    await write(panel, 'Is the red one in stock?');
    await desk.locator('[data-testid=conversation-row]').first().click();
    await incoming(desk, 'Is the red one in stock?').waitFor();

    await write(desk, '<b>Yes</b>, two are left.');
    await incoming(panel, '<b>Yes</b>, two are left.').waitFor();
    expect(await panel.locator('[data-testid=message-text] b').count()).toBe(0);

    // The visitor has the panel open, so the agent's tick turns to 'read'; and the other way round.
    await desk.locator('[data-testid=message][data-direction=out][data-state=read]').first().waitFor();
    await panel.locator('[data-testid=message][data-direction=out][data-state=read]').first().waitFor();

    const second = await openWidget(stack.webUrl, visitorContext, 'acme');
    await incoming(second.panel, 'two are left').waitFor();
    await write(second.panel, 'From my second tab');
    await panel.locator('[data-testid=message-text]', { hasText: 'From my second tab' }).waitFor();

    // What was open is open again on the next page.
    await page.reload();
    const again = page.frameLocator('iframe[data-testid=openkefu-panel]');
    await again.locator('[data-testid=message-text]', { hasText: 'From my second tab' }).waitFor();
    expect(await again.locator('[data-testid=message][data-seq]').count()).toBe(
      await desk.locator('[data-testid=message][data-seq]').count(),
    );
    await Promise.all([agentContext.close(), visitorContext.close()]);
  });

  it('waits in line, is claimed, and shows the unread badge while the panel is closed', async () => {
    const agentContext = await browser.newContext({ locale: 'zh-CN' });
    const visitorContext = await browser.newContext({ locale: 'en-US' });
    const desk = await openConsole(stack.webUrl, agentContext, bob);
    const { page, panel } = await openWidget(stack.webUrl, visitorContext, 'claimed');

    await panel.locator('[data-testid=place]', { hasText: 'next in line' }).waitFor();
    await write(panel, 'Anybody there?');
    await desk.click('[data-testid=tab-queue]');
    await desk.locator('[data-testid=conversation-row]').first().click();
    await desk.locator('[data-testid=claim]').first().click();
    await incoming(desk, 'Anybody there?').waitFor();
    await panel.locator('[data-testid=agent-name]', { hasText: 'Bob' }).waitFor();
    await panel.locator('[data-testid=place]').waitFor({ state: 'detached' });

    await page.keyboard.press('Escape');
    await panel.locator('[data-testid=composer]').waitFor({ state: 'hidden' });
    await write(desk, 'Here I am.');
    await page.locator('[data-testid=openkefu-unread]', { hasText: '1' }).waitFor();
    await page.click('[data-testid=openkefu-launcher]');
    await incoming(panel, 'Here I am.').waitFor();
    await page.locator('[data-testid=openkefu-unread]').waitFor({ state: 'hidden' });
    await Promise.all([agentContext.close(), visitorContext.close()]);
  });

  it('catches up after the realtime server was killed and the agent wrote meanwhile', async () => {
    const agentContext = await browser.newContext();
    const visitorContext = await browser.newContext();
    const desk = await openConsole(stack.webUrl, agentContext, alice);
    const { panel } = await openWidget(stack.webUrl, visitorContext, 'acme');
    await panel.locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();
    await write(panel, 'before the fall');
    await desk.locator('[data-testid=conversation-row]', { hasText: 'before the fall' }).click();
    await incoming(desk, 'before the fall').waitFor();

    await stack.killPusher9();
    await desk.locator('[data-testid=connection][data-state=reconnecting]').waitFor({ state: 'attached' });
    await write(desk, 'said while it was gone');
    await write(panel, 'written while it was gone');
    await stack.restartPusher();
    await incoming(panel, 'said while it was gone').waitFor();
    await incoming(desk, 'written while it was gone').waitFor();
    await desk.locator('[data-testid=connection][data-state=online]').waitFor({ state: 'attached' });
    for (const text of ['said while it was gone', 'written while it was gone']) {
      expect(await desk.locator('[data-testid=message-text]', { hasText: text }).count()).toBe(1);
      expect(await panel.locator('[data-testid=message-text]', { hasText: text }).count()).toBe(1);
    }
    await Promise.all([agentContext.close(), visitorContext.close()]);
  });

  it("measures from the visitor's Enter to the agent's screen", async () => {
    const agentContext = await browser.newContext();
    const visitorContext = await browser.newContext();
    const desk = await openConsole(stack.webUrl, agentContext, alice);
    const { page, panel } = await openWidget(stack.webUrl, visitorContext, 'acme');
    await panel.locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();
    await write(panel, 'warm-up');
    await desk.locator('[data-testid=conversation-row]', { hasText: 'warm-up' }).click();
    await incoming(desk, 'warm-up').waitFor();

    // Both pages run on one machine and share its clock.
    await desk.evaluate(() => {
      const seen: Record<string, number> = {};
      Object.assign(window, { seenAt: seen });
      new MutationObserver(() => {
        const now = performance.timeOrigin + performance.now();
        for (const element of document.querySelectorAll('[data-testid=message-text]')) {
          seen[element.textContent.trim()] ??= now;
        }
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    const frame = page.frames().find((each) => each.url().includes('/widget/panel'));
    if (!frame) throw new Error('no panel frame');
    await frame.evaluate(() => {
      const pressed: number[] = [];
      Object.assign(window, { pressedAt: pressed });
      document.addEventListener(
        'keydown',
        (event) => {
          if (event.key === 'Enter') pressed.push(performance.timeOrigin + performance.now());
        },
        true,
      );
    });
    const rounds = 15;
    for (let round = 0; round < rounds; round += 1) {
      await write(panel, `round ${round} of ${rounds}`);
      await incoming(desk, `round ${round} of ${rounds}`).waitFor();
    }
    const pressed = await frame.evaluate(() => (window as unknown as { pressedAt: number[] }).pressedAt);
    const seen = await desk.evaluate(() => (window as unknown as { seenAt: Record<string, number> }).seenAt);
    const delays = pressed
      .map((at, round) => (seen[`round ${round} of ${rounds}`] ?? Number.NaN) - at)
      .sort((a, b) => a - b);
    expect(delays).toHaveLength(rounds);
    expect(delays.every((delay) => Number.isFinite(delay))).toBe(true);
    const at = (share: number) => Math.round(delays[Math.floor((rounds - 1) * share)] ?? Number.NaN);
    process.stdout.write(
      `\nEnter to the agent's screen: median ${at(0.5)} ms, fastest ${at(0)} ms, slowest ${at(1)} ms\n`,
    );
    await Promise.all([agentContext.close(), visitorContext.close()]);
  });
});
