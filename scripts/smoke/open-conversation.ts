import type { Locator, Page } from 'playwright-core';

const findMs = 30_000;
const showMs = 1_500;
/** The newest rows of a list that are looked into. */
const rowsToTry = 5;

function appears(locator: Locator, ms = showMs): Promise<boolean> {
  return locator.waitFor({ timeout: ms }).then(
    () => true,
    () => false,
  );
}

/**
 * Opens the conversation in which somebody wrote `text`, wherever the distribution has put it, and claims it when it
 * waits in line. Rows do not always show that text: a notice may have come after it.
 * @throws when it is in no list
 */
export async function openConversation(page: Page, text: string): Promise<void> {
  const message = page.locator('[data-testid=message-text]', { hasText: text }).first();
  const deadline = performance.now() + findMs;
  while (!(await appears(message)) && !(await lookForIt(page, message))) {
    if (performance.now() > deadline) throw new Error('LOST: the agent never got the conversation');
  }
  const composer = page.locator('[data-testid=composer]');
  const claim = page.locator('[data-testid=claim]').last();
  // Without a composer the conversation is nobody's yet.
  if (!(await appears(composer)) && (await claim.isVisible())) await claim.click();
  await composer.waitFor();
}

async function lookForIt(page: Page, message: Locator): Promise<boolean> {
  for (const tab of ['mine', 'queue', 'all']) {
    await page.click(`[data-testid=tab-${tab}]`);
    const rows = page.locator('[data-testid=conversation-row]');
    if (!(await appears(rows.first()))) continue;
    for (let index = 0; index < Math.min(rowsToTry, await rows.count()); index += 1) {
      await rows.nth(index).click();
      if (await appears(message)) return true;
    }
  }
  return false;
}
