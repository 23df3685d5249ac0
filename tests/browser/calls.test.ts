import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Frame, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../test-support/browser.ts';
import { eventually } from '../../test-support/http-calls.ts';
import { openConsole, openWidget } from '../../test-support/pages.ts';
import { startStack, type Stack } from '../../test-support/stack.ts';

const alice = { business: 'acme', userName: 'alice', password: 'alice-password-1' };

let stack: Stack;
let browser: Browser;
let desk: Page;
let shop: Page;
let panel: FrameLocator;
/** The panel's own document, where its connections are. */
let frame: Frame;

/** Keeps each connection of the page, so that it can be asked what came over it. */
async function watched(context: BrowserContext): Promise<BrowserContext> {
  await context.addInitScript(() => {
    const page = window as unknown as { peers: RTCPeerConnection[]; RTCPeerConnection: typeof RTCPeerConnection };
    page.peers = [];
    page.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        page.peers.push(this);
      }
    };
  });
  return context;
}

beforeAll(async () => {
  stack = await startStack({
    bootstrap: {
      businesses: [
        {
          business_id: alice.business,
          name: 'Acme',
          distribution_rule: 'auto',
          agents: [{ user_name: alice.userName, nick_name: 'Alice', password: alice.password }],
        },
      ],
    },
  });
  browser = await launchBrowser();
  const options = { locale: 'en-US', viewport: { width: 1280, height: 800 } };
  desk = await openConsole(stack.webUrl, await watched(await browser.newContext(options)), alice);
  ({ page: shop, panel } = await openWidget(stack.webUrl, await watched(await browser.newContext(options)), 'acme'));
  await panel.locator('[data-testid=agent-name]', { hasText: 'Alice' }).waitFor();
  const found = shop.frames().find((each) => each.url().includes('/widget/panel/'));
  if (found === undefined) throw new Error('no panel');
  frame = found;
  await desk.waitForSelector('[data-testid=conversation-row]');
});

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

type Side = Page | Frame | FrameLocator;

const inPhase = (side: Side, phase: string) =>
  side.locator(`[data-testid=call][data-phase=${phase}]`).waitFor({ timeout: 15_000 });
const press = (side: Side, button: string) => side.locator(`[data-testid=${button}]`).click();
const gone = (side: Side) => side.locator('[data-testid=call]').waitFor({ state: 'detached', timeout: 15_000 });

async function callFromPanel(kind: 'audio' | 'video'): Promise<void> {
  await press(panel, 'menu');
  await press(panel, `menu-call-${kind}`);
}

/** How much came in over the latest connection until now. */
function received(side: Page | Frame, kind: 'audio' | 'video'): Promise<number> {
  return side.evaluate(async (wanted) => {
    const connection = (window as unknown as { peers: RTCPeerConnection[] }).peers.at(-1);
    let sum = 0;
    for (const report of ((await connection?.getStats()) ?? new Map<string, unknown>()).values()) {
      const { type, kind: of, packetsReceived } = report as Record<string, unknown>;
      if (type === 'inbound-rtp' && of === wanted) sum += Number(packetsReceived);
    }
    return sum;
  }, kind);
}

async function grows(ask: () => Promise<number>): Promise<void> {
  const before = await eventually(ask, (count) => count > 0);
  await eventually(ask, (count) => count > before);
}

/** How many pictures of the other side were shown, once there is a picture at all. */
function shownPictures(side: Page | Frame): Promise<number> {
  return side.locator('[data-testid=call-remote]').evaluate((element) => {
    const video = element as HTMLVideoElement;
    return video.videoWidth > 0 ? video.getVideoPlaybackQuality().totalVideoFrames : 0;
  });
}

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

const lastRecord = (side: Side) => side.locator('[data-testid=message-call]').last().innerText();

describe('calls', () => {
  it('the visitor calls with video, the agent answers: both see the other move, and the thread says how long', async () => {
    await callFromPanel('video');
    await inPhase(panel, 'ringing');
    // The conversation is not shown: the call is seen all the same, and answering shows it.
    const card = desk.locator('[data-testid=call-elsewhere]');
    await card.getByText('wants to start a video call').waitFor();
    expect(await findings(desk)).toEqual([]);
    await card.getByRole('button', { name: 'Answer' }).click();
    await Promise.all([inPhase(desk, 'connected'), inPhase(panel, 'connected')]);
    for (const side of [desk, frame]) {
      await grows(() => shownPictures(side));
      await grows(() => received(side, 'audio'));
    }
    expect(await findings(desk)).toEqual([]);
    expect(await findings(shop)).toEqual([]);

    await press(panel, 'call-camera');
    await desk.getByText('has the camera off').waitFor();
    await press(panel, 'call-camera');
    await desk.getByText('has the camera off').waitFor({ state: 'detached' });
    await grows(() => shownPictures(desk));
    await press(desk, 'call-hang-up');
    await panel.locator('[data-testid=call-status]', { hasText: 'The call has ended' }).waitFor();
    for (const side of [desk, panel]) {
      await side.locator('[data-testid=message-call]').waitFor();
      expect(await lastRecord(side)).toMatch(/Video call.* 0:\d\d/);
    }
    await press(panel, 'call-dismiss');
    await gone(panel);
  });

  it('the agent calls by voice, the visitor answers: both hear the other, and see who is muted', async () => {
    await press(desk, 'call-audio');
    await inPhase(panel, 'incoming');
    expect(await findings(shop)).toEqual([]);
    await press(panel, 'call-accept');
    await Promise.all([inPhase(desk, 'connected'), inPhase(panel, 'connected')]);
    // Who answered by keyboard goes on by keyboard.
    expect(await frame.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('call-hang-up');
    for (const side of [desk, frame]) await grows(() => received(side, 'audio'));
    await press(desk, 'call-microphone');
    await panel.getByText('Alice is muted').waitFor();
    await press(panel, 'call-hang-up');
    await desk.locator('[data-testid=call-status]', { hasText: 'The call has ended' }).waitFor();
    await eventually(
      () => lastRecord(desk),
      (words) => /Voice call/.test(words),
    );
    await press(desk, 'call-dismiss');
    await gone(desk);
  });

  it('a call that is declined says so to who called, and in the thread', async () => {
    await panel.getByRole('button', { name: 'Close' }).click();
    await shop.locator('iframe[data-testid=openkefu-panel]').waitFor({ state: 'hidden' });
    await press(desk, 'call-video');
    // A panel that was put away shows itself.
    await inPhase(panel, 'incoming');
    await press(panel, 'call-refuse');
    await gone(panel);
    await desk.locator('[data-testid=call-status]', { hasText: 'The call was declined' }).waitFor();
    await eventually(
      () => lastRecord(panel),
      (words) => /declined/.test(words),
    );
  });

  it('a page that goes away ends its call, on either side', async () => {
    for (const page of [desk, shop]) {
      await callFromPanel('audio');
      await inPhase(desk, 'incoming');
      await press(desk, 'call-accept');
      await Promise.all([inPhase(desk, 'connected'), inPhase(panel, 'connected')]);
      await page.reload();
      await inPhase(page === desk ? panel : desk, 'over');
      if (page === desk)
        await desk.waitForSelector('[data-testid=connection][data-state=online]', { state: 'attached' });
    }
  });
});
