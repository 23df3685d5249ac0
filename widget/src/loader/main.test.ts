// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { envelope, readToPanel, type ToLoader, type ToPanel } from '../bridge/messages.ts';
import type { OpenKefu } from './commands.ts';

const SERVER = 'https://kefu.example';

/** As the documented snippet does. */
function stub(): OpenKefu {
  const queue: OpenKefu = (...call) => void (queue.q ??= []).push(call);
  return (window.OpenKefu = queue);
}

async function load(): Promise<OpenKefu> {
  vi.resetModules();
  await import('./main.ts');
  return window.OpenKefu as OpenKefu;
}

const launcher = () => document.querySelector('openkefu-launcher');
const button = () => launcher()?.shadowRoot?.querySelector('button');
const frame = () => document.querySelector('openkefu-panel')?.shadowRoot?.querySelector('iframe') ?? null;
const errors: string[] = [];

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
window.matchMedia = () => ({ matches: false }) as MediaQueryList;

function panelSays(message: ToLoader, from: { origin?: string; source?: object } = {}): void {
  const { origin = SERVER, source = frame()?.contentWindow } = from;
  window.dispatchEvent(Object.assign(new Event('message'), { data: envelope(message), origin, source }));
}

beforeEach(() => {
  localStorage.clear();
  document.documentElement.innerHTML = '<head></head><body></body>';
  delete window.OpenKefu;
  errors.length = 0;
  posted.length = 0;
});
afterEach(() => vi.useRealTimers());

describe('before it has loaded', () => {
  it('keeps the calls of the stub, in order', async () => {
    const early = stub();
    early('open');
    early('boot', { business_id: 'acme', host: SERVER });
    await load();
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
  it('has a name and makes no frame and stores nothing until it is pressed', async () => {
    (await load())('boot', { business_id: 'acme', host: SERVER, locale: 'zh-CN' });
    expect(button()?.ariaLabel).toBe('打开在线客服');
    expect(button()?.dataset['testid']).toBe('openkefu-launcher');
    expect(frame()).toBeNull();
    expect(localStorage).toHaveLength(0);
    button()?.click();
    expect(frame()?.title).toBe('在线客服');
  });

  it('says what it does not know', async () => {
    const openKefu = await load();
    openKefu('boot', { business_id: 'acme', host: SERVER });
    openKefu('constructor');
    openKefu('explode');
    expect(errors).toEqual(['unknown_command', 'unknown_command']);
  });

  it('gives up after 8 s and shows a way out', async () => {
    vi.useFakeTimers();
    (await load())('boot', { business_id: 'acme', host: SERVER });
    button()?.click();
    vi.advanceTimersByTime(8000);
    expect(frame()).toBeNull();
    const link = launcher()?.shadowRoot?.querySelector('a');
    expect(link?.textContent).not.toBe('');
    expect(link?.href).toBe(`${SERVER}/widget/panel/?business_id=acme`);
    expect(errors).toEqual(['panel_unreachable']);
  });
});

describe('the panel', () => {
  let openKefu: OpenKefu;
  const panelHost = () => document.querySelector('openkefu-panel');

  beforeEach(async () => {
    openKefu = await load();
    openKefu('boot', { business_id: 'acme', host: SERVER, id: 'u-5', hash: 'ff' });
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
    expect(button()?.ariaLabel).toMatch(/120/);
  });

  it('gets what the site writes for the visitor once it is there', () => {
    openKefu('prefill', 'about order 7');
    expect(posted).toEqual([]);
    panelSays({ type: 'ready' });
    expect(posted.at(-1)?.message).toEqual({ type: 'compose', text: 'about order 7', send: false });
  });

  it('begins anew for another visitor, and not for the same one', () => {
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
