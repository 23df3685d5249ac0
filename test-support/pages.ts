import type { BrowserContext, FrameLocator, Page } from 'playwright-core';
import type { ApiConfig } from '../web-app/src/front-doors/console-api/wire.ts';

/** Who signs in, and at which business. */
export interface Login {
  readonly business: string;
  readonly userName: string;
  readonly password: string;
}

/** Signs in and waits until visitors can be given to this agent, which the realtime server's webhook tells. */
export async function openConsole(webUrl: string, context: BrowserContext, login: Login): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${webUrl}/console/`);
  await page.fill('input[name=userName]', login.userName);
  await page.fill('input[name=password]', login.password);
  await page.click('[data-testid=sign-in]');
  await page.waitForSelector('[data-testid=connection][data-state=online]', { state: 'attached' });
  await page.waitForFunction(
    async (address) => ((await (await fetch(address, { cache: 'no-store' })).json()) as ApiConfig).business.online,
    `/api/v1/config?business_id=${login.business}`,
    { polling: 200 },
  );
  return page;
}

/** Opens the demo shop of a business and its chat. */
export async function openWidget(
  webUrl: string,
  context: BrowserContext,
  business: string,
): Promise<{ page: Page; panel: FrameLocator }> {
  const page = await context.newPage();
  await page.goto(`${webUrl}/demo?business_id=${business}`);
  const launcher = page.locator('[data-testid=openkefu-launcher]');
  await launcher.waitFor();
  // Where it is open in another tab of the context, it is here too.
  if ((await page.locator('openkefu-launcher').getAttribute('data-phase')) === 'closed') await launcher.click();
  const panel = page.frameLocator('iframe[data-testid=openkefu-panel]');
  await panel.locator('[data-testid=composer]').waitFor();
  return { page, panel };
}
