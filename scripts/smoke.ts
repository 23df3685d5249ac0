import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { parseEnvironment, publicWebUrl } from './environment/configuration.ts';
import { PlainError } from './setup/terminal.mjs';
import { exchange } from './smoke/exchange.ts';
import { launchBrowser } from './smoke/launch-browser.ts';
import { walk } from './smoke/walk.ts';

/**
 * Walks through a conversation in Chromium against a running `npm start`.
 * @param words the command line behind `npm run smoke --`
 * @returns the exit code: 0 when every message arrived once, in order
 */
export async function smoke(root: string, words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  const folder = join(root, 'screenshots');
  const browser = await launchBrowser();
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (stopped = true));
  try {
    const { visitor, agent } = await walk(browser, { ...options, folder });
    console.log(`The visitor asked, the agent answered, the visitor read it. Four screenshots are in ${folder}.`);
    if (options.rounds === 0) return 0;
    const report = await exchange(visitor, agent, options.rounds, () => stopped);
    console.log(
      `${report.rounds} messages each way: none lost, none doubled, the same order on both sides; ` +
        `median ${report.medianMs.toFixed(0)} ms, slowest ${report.slowestMs.toFixed(0)} ms.`,
    );
    return 0;
  } catch (error) {
    if (error instanceof PlainError) throw error;
    console.error(error instanceof Error ? error.message : String(error));
    await photographAll(browser, folder);
    return 1;
  } finally {
    await browser.close();
  }
}

/** What every open page showed when something went wrong. */
async function photographAll(browser: Browser, folder: string): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  await Promise.all(pages.map((page, index) => page.screenshot({ path: join(folder, `failure-${index + 1}.png`) })));
  console.error(`What the ${pages.length} pages showed then is in ${folder}.`);
}

function readOptions(words: readonly string[]) {
  const { values } = parse(words);
  const env = parseEnvironment(process.env);
  const password = values.password ?? process.env['ADMIN_PASSWORD'];
  if (password === undefined || password === '') {
    throw new PlainError("Give the agent's password: npm run smoke -- --password … (npm start printed it once).");
  }
  const count = values.count === undefined ? (values.loop ? Infinity : 0) : Number(values.count);
  if (Number.isNaN(count) || count < 0) throw new PlainError('--count must be a number.');
  return {
    url: (values.url ?? publicWebUrl(env, env.WEB_PORT)).replace(/\/+$/, ''),
    business: values.business ?? 'demo',
    user: values.user ?? (process.env['ADMIN_USER'] || 'admin'),
    password,
    rounds: count,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        url: { type: 'string' },
        business: { type: 'string' },
        user: { type: 'string' },
        password: { type: 'string' },
        loop: { type: 'boolean', default: false },
        count: { type: 'string' },
      },
    });
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error));
  }
}
