import type { Browser } from 'playwright-core';
import { launchBrowser as launch } from '../scripts/smoke/launch-browser.ts';

/**
 * Starts the system's Chromium without a window, with made-up camera and microphone.
 * @throws when there is none
 */
export function launchBrowser(): Promise<Browser> {
  return launch();
}
