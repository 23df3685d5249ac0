import { setTimeout as delay } from 'node:timers/promises';
import type { FrameLocator, Page } from 'playwright-core';

/** One side of a conversation: the visitor's panel or the agent's thread; both name their parts alike. */
export interface ChatSide {
  readonly name: string;
  readonly page: Page;
  /** Where composer and messages are. */
  readonly place: Page | FrameLocator;
}

const messageText = '[data-testid=message] [data-testid=message-text]';
/** How long a message may take while processes are killed and come back. */
const patienceMs = 90_000;
const lookMs = 25;

/** Types a message and presses Enter; returns when, in milliseconds. */
export async function write({ place }: ChatSide, text: string): Promise<number> {
  const composer = place.locator('[data-testid=composer]');
  await composer.fill(text, { timeout: patienceMs });
  const pressedAt = performance.now();
  await composer.press('Enter', { timeout: patienceMs });
  return pressedAt;
}

/** The texts that a side shows, oldest first, of those that begin with `prefix`. */
export async function shownTexts({ place }: ChatSide, prefix: string): Promise<string[]> {
  const texts = await place.locator(messageText).allTextContents();
  return texts.map((text) => text.trim()).filter((text) => text.startsWith(prefix));
}

/** Says once more what a side shows as failed, as a person would. */
async function retryFailed({ place }: ChatSide): Promise<void> {
  const retry = place.locator('[data-testid=retry]').first();
  if (await retry.isVisible()) await retry.click({ timeout: 1_000 }).catch(() => undefined);
}

/**
 * Writes on one side and waits until the other side shows it.
 * @returns milliseconds from Enter to there
 * @throws when it does not arrive
 */
export async function say(from: ChatSide, to: ChatSide, text: string): Promise<number> {
  const pressedAt = await write(from, text);
  const arrived = to.place.locator(messageText, { hasText: text }).first();
  while (!(await arrived.isVisible())) {
    if (performance.now() - pressedAt > patienceMs) throw new Error(`LOST: ${to.name} never got '${text}'`);
    await retryFailed(from);
    await delay(lookMs);
  }
  return performance.now() - pressedAt;
}
