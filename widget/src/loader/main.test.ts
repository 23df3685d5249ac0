// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { envelope, readToPanel, type ToLoader, type ToPanel } from '../bridge/messages.ts';
import type { OpenKefu } from './commands.ts';
import type { LauncherSettings } from './configuration.ts';

const SERVER = 'https://kefu.example';

/** As the documented snippet does. */
function stub(): OpenKefu {
  const queue: OpenKefu = (...call) => void (queue.q ??= []).push(call);
  return (window.OpenKefu = queue);
}

/** The first script alone. */
async function load(): Promise<OpenKefu> {
  vi.resetModules();
  await import('./main.ts');
  return window.OpenKefu as OpenKefu;
}

const settings: LauncherSettings = {
  accent: '#2F6BFF',
  position: 'right',
  title: '',
  launcherText: '',
  avatar: '',
  consent: 'auto',
  proactive: [],
  media: false,
};

function configure(change: Partial<LauncherSettings> = {}): void {
  window.OpenKefu?.configure?.('acme', { ...settings, ...change });
}

/** What the first script has asked for arrives. */
async function arrive(change: Partial<LauncherSettings> = {}): Promise<void> {
  configure(change);
  await import('../more/main.ts');
}

/** Both scripts, and a business whose settings are the defaults. */
async function boot(fields: object = {}, change: Partial<LauncherSettings> = {}): Promise<OpenKefu> {
  const openKefu = await load();
  openKefu('boot', { business_id: 'acme', host: SERVER, ...fields });
  await arrive(change);
  return openKefu;
}

const included = () => Array.from(document.querySelectorAll('script'), ({ src }) => src.replace(SERVER, ''));
const CONFIG = '/api/v1/config.js?business_id=acme';
const MORE = '/assets/index/kefu_more.js';

const launcher = () => document.querySelector<HTMLElement>('openkefu-launcher');
const button = () => launcher()?.shadowRoot?.querySelector('button');
const card = () => document.querySelector('openkefu-card')?.shadowRoot?.querySelector('section') ?? null;
const cardButton = (testId: string) => card()?.querySelector<HTMLElement>(`[data-testid=openkefu-${testId}]`);
const frame = () => document.querySelector('openkefu-panel')?.shadowRoot?.querySelector('iframe') ?? null;
const errors: string[] = [];
const logged: unknown[] = [];

/** What the loader has posted into the frame, and to which origin. */
const posted: { message: ToPanel | null; origin: unknown }[] = [];
/** jsdom loads no frames; these stand for their windows. */
const windows = new WeakMap<object, object>();
Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', {
  get(this: HTMLIFrameElement) {
    const known = windows.get(this) ?? {
      postMessage: (data: unknown, origin: unknown) => posted.push({ message: readToPanel(data), origin }),
    };
    windows.set(this, known);
    return known;
  },
});
window.addEventListener('kefu:error', (event) => {
  errors.push((event as CustomEvent<{ code: string }>).detail.code);
});
// A page of a test before would put its elements back into the next one's.
vi.stubGlobal(
  'MutationObserver',
  class {
    observe(): void {
      return;
    }
    disconnect(): void {
      return;
    }
  },
);
// And it would go on listening.
const listening: [EventTarget, string, EventListener][] = [];
for (const target of [window, document]) {
  const add = target.addEventListener.bind(target) as (type: string, listener: EventListener) => void;
  target.addEventListener = (type: string, listener: EventListener) => {
    listening.push([target, type, listener]);
    add(type, listener);
  };
}
const clocks: ReturnType<typeof setInterval>[] = [];
const { setInterval: every } = globalThis;
vi.stubGlobal('setInterval', (tick: () => void, ms: number) => {
  const clock = every(tick, ms);
  clocks.push(clock);
  return clock;
});
window.matchMedia = () => ({ matches: false }) as MediaQueryList;

function panelSays(message: ToLoader, from: { origin?: string; source?: object } = {}): void {
  const { origin = SERVER, source = frame()?.contentWindow } = from;
  window.dispatchEvent(Object.assign(new Event('message'), { data: envelope(message), origin, source }));
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  logged.length = 0;
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => void logged.push(words));
  document.documentElement.innerHTML = '<head></head><body></body>';
  delete window.OpenKefu;
  errors.length = 0;
  posted.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const clock of clocks.splice(0)) clearInterval(clock);
  for (const [target, type, listener] of listening.splice(0)) target.removeEventListener(type, listener);
});

describe('before it has loaded', () => {
  it('keeps the calls of the stub, in order', async () => {
    const early = stub();
    early('open');
    early('boot', { business_id: 'acme', host: SERVER });
    await load();
    expect(frame()).toBeNull();
    await arrive();
    expect(frame()?.src).toBe(`${SERVER}/widget/panel/?business_id=acme#${encodeURIComponent(location.origin)}`);
  });

  it('boots once, however often it is asked or loaded again', async () => {
    const openKefu = await load();
    openKefu('boot', { business_id: 'acme', host: SERVER });
    openKefu('boot', { business_id: 'other', host: SERVER });
    expect(await load()).toBe(openKefu);
    expect(document.querySelectorAll('openkefu-launcher')).toHaveLength(1);
  });

  it("boots by WoLive's anchor, and looks as its site expects", async () => {
    document.body.innerHTML = `<a href='${SERVER}' visiter_id='' business_id='acme' id='workerman-kefu'></a>`;
    await load();
    expect(launcher()?.className).toBe('kefu_box');
    expect(launcher()?.style.display).toBe('');
    await arrive();
    launcher()?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    expect(frame()?.src).toContain('business_id=acme');
  });

  it.each([[undefined], [{}], [{ business_id: '' }], [{ business_id: 'acme' }]])(
    'says that boot with %j lacks something',
    async (fields) => {
      (await load())('boot', fields);
      expect(errors).toEqual(['boot_incomplete']);
      expect(launcher()).toBeNull();
    },
  );
});

describe('the launcher', () => {
  it('asks for the business alone, stores nothing, and shows itself when it knows how it looks', async () => {
    (await load())('boot', { business_id: 'acme', host: SERVER, locale: 'zh-CN' });
    expect(included()).toEqual([CONFIG]);
    expect(launcher()?.style.display).toBe('none');
    configure();
    expect(launcher()?.style.display).toBe('');
    expect(included()).toEqual([CONFIG]);
    expect(button()?.ariaLabel).toBe('打开在线客服');
    expect(frame()).toBeNull();
    expect(localStorage).toHaveLength(0);
    expect(sessionStorage).toHaveLength(0);
  });

  it('looks as the business has it', async () => {
    await boot({}, { accent: '#ffcc00', position: 'left', launcherText: 'Ask us', avatar: '/files/a/us.png' });
    expect(launcher()?.dataset['side']).toBe('left');
    expect(launcher()?.style.getPropertyValue('--kefu-accent')).toBe('#ffcc00');
    expect(launcher()?.style.getPropertyValue('--kefu-on-accent')).toBe('#000');
    expect(button()?.textContent).toBe('Ask us');
    expect(button()?.ariaLabel).toBe('Open Ask us');
    expect(button()?.querySelector('img')?.src).toBe(`${SERVER}/files/a/us.png`);
    button()?.querySelector('img')?.dispatchEvent(new Event('error'));
    expect(button()?.querySelector('img')).toBeNull();
  });

  it('does without settings that cannot be had, and then asks before it keeps anything', async () => {
    const openKefu = await load();
    openKefu('boot', { business_id: 'acme', host: SERVER });
    document.querySelector('script')?.dispatchEvent(new Event('error'));
    expect(launcher()?.style.display).toBe('');
    await import('../more/main.ts');
    openKefu('open');
    expect(frame()).toBeNull();
    expect(card()?.getAttribute('role')).toBe('dialog');
  });

  it('fetches the second script when it is about to be pressed, and opens when that is there', async () => {
    (await load())('boot', { business_id: 'acme', host: SERVER });
    configure();
    launcher()?.dispatchEvent(new Event('pointerenter'));
    expect(included()).toEqual([CONFIG, MORE]);
    button()?.click();
    expect(button()?.ariaBusy).toBe('true');
    await arrive();
    expect(frame()?.title).toBe('chat');
    expect(frame()?.hasAttribute('allow')).toBe(false);
  });

  it('asks for microphone and camera where the business calls or takes voice messages', async () => {
    (await boot({}, { media: true, title: 'Acme help' }))('open');
    expect(frame()?.getAttribute('allow')).toBe('microphone; camera; autoplay; clipboard-write');
    expect(frame()?.title).toBe('Acme help');
  });

  it('is closed again by who presses twice before anything is there', async () => {
    (await load())('boot', { business_id: 'acme', host: SERVER });
    button()?.click();
    button()?.click();
    await arrive();
    expect(frame()?.title).not.toBe('');
    expect(document.querySelector('openkefu-panel')?.hasAttribute('data-open')).toBe(false);
    panelSays({ type: 'ready' });
    expect(document.querySelector('openkefu-panel')?.hasAttribute('data-open')).toBe(false);
  });

  it.each([
    ['the second script', false],
    ['the panel', true],
  ])('gives up on %s after 8 s and shows a way out', async (_what, withMore) => {
    vi.useFakeTimers();
    const openKefu = await load();
    openKefu('boot', { business_id: 'acme', host: SERVER });
    configure();
    if (withMore) await arrive();
    button()?.click();
    vi.advanceTimersByTime(8000);
    expect(frame()).toBeNull();
    const link = launcher()?.shadowRoot?.querySelector('a');
    expect(link?.textContent).not.toBe('');
    expect(link?.href).toBe(`${SERVER}/widget/panel/?business_id=acme`);
    expect(errors).toEqual(['panel_unreachable']);
  });

  it('is hidden and shown by the site, also before it is there', async () => {
    const early = stub();
    early('hideLauncher');
    early('boot', { business_id: 'acme', host: SERVER });
    const openKefu = await load();
    configure();
    expect(launcher()?.hasAttribute('hidden')).toBe(true);
    openKefu('showLauncher');
    expect(launcher()?.hasAttribute('hidden')).toBe(false);
  });
});

describe('what a site calls wrongly', () => {
  it.each<[unknown[], string]>([
    [['constructor'], 'unknown_command'],
    [['explode'], 'unknown_command'],
    [[], 'unknown_command'],
    [['on', 'click', () => undefined], 'bad_argument'],
    [['on', 'open', 'not a function'], 'bad_argument'],
    [['identify', 'Ann'], 'bad_argument'],
    [['identify', { id: {} }], 'bad_argument'],
    [['setTheme', 'sepia'], 'bad_argument'],
    [['setLocale', null], 'bad_argument'],
    [['send', {}], 'bad_argument'],
    [['product', 'not JSON'], 'bad_argument'],
  ])('%j is said on the console and as an event, and breaks nothing', async (call, code) => {
    const openKefu = await boot();
    openKefu(...(call as [string]));
    expect(errors).toEqual([code]);
    expect(logged).toHaveLength(1);
  });
});

it('an exception out of what the site hands over stays with us', async () => {
  const openKefu = await boot();
  const broken = {
    get id(): string {
      throw new Error('of the page');
    },
  };
  openKefu('identify', broken);
  expect(errors).toEqual(['bad_argument']);
});

describe('consent', () => {
  it('is asked for at the first open; nothing is kept or loaded before, and it is asked once', async () => {
    const openKefu = await boot({ locale: 'en' }, { consent: 'ask' });
    openKefu('prefill', 'about order 7');
    expect(card()?.textContent).toContain('keep a visitor id');
    expect([frame(), localStorage.length, sessionStorage.length]).toEqual([null, 0, 0]);

    cardButton('decline')?.click();
    expect(card()?.textContent).toBe('');
    expect([frame(), localStorage.length, sessionStorage.length]).toEqual([null, 0, 0]);

    openKefu('open');
    cardButton('agree')?.click();
    panelSays({ type: 'hello' });
    panelSays({ type: 'ready' });
    expect(posted.map(({ message }) => message?.type)).toEqual(['init', 'visible']);
    await boot({}, { consent: 'ask' });
    window.OpenKefu?.('open');
    expect(cardButton('agree')).toBeFalsy();
  });

  it.each(['auto', 'granted'])('is not asked for where the snippet says %s', async (consent) => {
    (await boot({ consent }, { consent: 'ask' }))('open');
    expect(frame()).not.toBeNull();
  });
});

describe('the panel', () => {
  let openKefu: OpenKefu;
  const panelHost = () => document.querySelector('openkefu-panel');

  beforeEach(async () => {
    openKefu = await boot({ id: 'u-5', hash: 'ff' });
    openKefu('open');
  });

  it('is given who the visitor is, at its exact origin, and shown when ready', () => {
    panelSays({ type: 'hello' });
    expect(posted).toMatchObject([
      { origin: SERVER, message: { type: 'init', business: 'acme', identity: { id: 'u-5', hash: 'ff' }, open: true } },
    ]);
    expect(panelHost()?.hasAttribute('data-open')).toBe(false);
    panelSays({ type: 'ready' });
    expect(panelHost()?.hasAttribute('data-open')).toBe(true);
    expect(button()?.ariaExpanded).toBe('true');
  });

  it('is not heard from another origin or another window', () => {
    panelSays({ type: 'ready' }, { origin: 'https://evil.example' });
    panelSays({ type: 'ready' }, { source: window });
    expect(panelHost()?.hasAttribute('data-open')).toBe(false);
  });

  it('has its entries kept, and sees them again', () => {
    panelSays({ type: 'put', key: 'draft', value: 'half a sent' });
    panelSays({ type: 'hello' });
    expect(posted.at(-1)?.message).toMatchObject({ saved: [{ key: 'draft', value: 'half a sent' }] });
    expect(Object.keys(localStorage)).toEqual(['kefu.acme.u-5']);
  });

  it('is offered what the visitor looks at, anew with every visitor', () => {
    openKefu('product', { pid: 7, img: 'https://shop.example/7.png', title: 'Shoe' });
    panelSays({ type: 'hello' });
    const product = { pid: '7', url: '', image: 'https://shop.example/7.png', title: 'Shoe', info: '', price: '' };
    expect(posted.at(-1)?.message).toEqual({ type: 'product', ...product });
    openKefu('boot', { business_id: 'acme', host: SERVER, product: { title: 'Boot' } });
    expect(posted.at(-1)?.message).toMatchObject({ type: 'product', title: 'Boot' });
  });

  it('hears what another tab wrote, and begins anew with the visitor of another tab', () => {
    panelSays({ type: 'hello' });
    panelSays({ type: 'ready' });
    panelSays({ type: 'put', key: 'visitor', value: 'one' });
    posted.length = 0;
    const change = (entries: object) => {
      localStorage.setItem('kefu.acme.u-5', JSON.stringify({ visitor: 'one', open: '1', ...entries }));
      window.dispatchEvent(new StorageEvent('storage', { key: 'kefu.acme.u-5' }));
    };
    change({ draft: 'half a sent' });
    expect(posted.map(({ message }) => message)).toEqual([{ type: 'kept', key: 'draft', value: 'half a sent' }]);
    change({ draft: 'half a sent', visitor: 'two' });
    expect(posted.at(-1)?.message?.type).toBe('init');
  });

  it('is forgotten here when another tab logs out', () => {
    panelSays({ type: 'put', key: 'visitor', value: 'one' });
    localStorage.removeItem('kefu.acme.u-5');
    window.dispatchEvent(new StorageEvent('storage', { key: 'kefu.acme.u-5' }));
    expect(frame()).toBeNull();
    expect(localStorage).toHaveLength(0);
  });

  it('tells the site what happens, without any text', async () => {
    const heard: unknown[] = [];
    openKefu('on', 'message', (detail: unknown) => heard.push(detail));
    openKefu('on', 'unread', () => {
      openKefu('off', 'message');
    });
    panelSays({ type: 'message', direction: 'in', seq: 4 });
    await Promise.resolve();
    panelSays({ type: 'unread', count: 1 });
    await Promise.resolve();
    panelSays({ type: 'message', direction: 'in', seq: 5 });
    await Promise.resolve();
    expect(heard).toEqual([{ direction: 'in', seq: 4 }]);
  });

  it('shows the unread count on the launcher while it is closed', () => {
    panelSays({ type: 'ready' });
    panelSays({ type: 'close' });
    panelSays({ type: 'unread', count: 120 });
    expect(launcher()?.shadowRoot?.querySelector('[data-testid=openkefu-unread]')?.textContent).toBe('99+');
    expect(document.title).toBe('(99+)');
    expect(button()?.ariaLabel).toMatch(/120/);
  });

  it('gets what the site writes for the visitor once it is there', () => {
    openKefu('prefill', 'about order 7');
    expect(posted).toEqual([]);
    panelSays({ type: 'ready' });
    expect(posted[0]?.message).toMatchObject({ type: 'visible', open: true, focus: true });
    expect(posted.at(-1)?.message).toEqual({ type: 'compose', text: 'about order 7', send: false });
  });

  it('begins anew for another visitor, and not for the same one', () => {
    panelSays({ type: 'hello' });
    posted.length = 0;
    panelSays({ type: 'ready' });
    openKefu('identify', { id: 'u-5', hash: 'ff' });
    openKefu('identify', { id: 'u-6', hash: 'ee' });
    expect(posted.filter(({ message }) => message?.type === 'init')).toHaveLength(1);
    expect(posted.at(-1)?.message).toMatchObject({ identity: { id: 'u-6', hash: 'ee' } });
  });

  it('forgets the visitor at logout', () => {
    panelSays({ type: 'put', key: 'visitor', value: '{}' });
    openKefu('logout');
    expect(localStorage).toHaveLength(0);
    expect(frame()).toBeNull();
  });
});
