import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from '../setup/system-packages.mjs';
import { PlainError } from '../setup/terminal.mjs';

/**
 * Starts the system's Chromium without a window, with made-up camera and microphone.
 * @throws PlainError when there is none
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) {
    throw new PlainError('No Chromium or Chrome is on PATH: install chromium, or name it in CHROMIUM_PATH.');
  }
  return chromium.launch({
    executablePath,
    // Whoever started us stops us; Chromium ends with us, not before us.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      // Chromium's sandbox refuses to run as root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
