import { chooseLocale } from '../bridge/locale.ts';
import { nobody, type ToLoader, type ToPanel } from '../bridge/messages.ts';
import { asText, readIdentity, type BootOptions } from './boot-options.ts';
import { createFrame } from './frame.ts';
import { createLauncher, type LauncherState } from './launcher.ts';
import { whenIdle } from './page-moments.ts';
import { createPhoneScreen } from './phone-screen.ts';
import type { Emitter, SiteEvents } from './site-events.ts';
import { openStore } from './store.ts';
import { texts } from './texts.ts';

/** The commands of a booted widget, by name. Each takes what the site gave, whatever that is. */
export type Widget = Record<
  'open' | 'close' | 'toggle' | 'identify' | 'setLocale' | 'setTheme' | 'prefill' | 'send' | 'logout',
  (given: unknown) => void
>;

/** The entry that says who this visitor is, the same in all tabs. */
const VISITOR = 'visitor';

/** A panel that has not answered by then will not: the visitor gets a link instead. */
const READY_TIMEOUT_MS = 8000;

/** Launcher and panel of one business on this page. Asks the server for nothing before the visitor opens it. */
export function createWidget(options: BootOptions, emitter: Emitter): Widget {
  const panelUrl = `${options.host}/widget/panel/?business_id=${encodeURIComponent(options.business)}`;
  const store = openStore(options.business);
  const look = { locale: options.locale, theme: options.theme || 'auto' };
  const image = options.legacy ? `${options.host}/assets/images/index/im.png` : null;
  let identity = options.identity;
  let state: LauncherState = { phase: 'closed', unread: 0 };
  let panelReady = false;
  let known: string | undefined;
  let composing: Extract<ToPanel, { type: 'compose' }>[] = [];
  let timeout: ReturnType<typeof setTimeout> | undefined;

  const launcher = createLauncher(image, panelUrl, toggle);
  // The panel posts to the origin named here and nowhere else; a fragment is never sent to a server.
  const frameUrl = `${panelUrl}#${encodeURIComponent(location.origin)}`;
  const frame = createFrame(frameUrl, options.legacy, receive);
  const phone = createPhoneScreen(frame.host, close);
  // Beside the body, not in it: page transitions that swap the body leave the conversation as it is.
  document.documentElement.append(launcher.host, frame.host);
  render({});
  store.watch(otherTabChanged);
  addEventListener('keydown', (event) => {
    // Not when the focus is in something of the site's, which may close something of its own.
    const here = document.activeElement === document.body || document.activeElement === launcher.host;
    if (event.key === 'Escape' && here) close();
  });
  preload();

  function render(change: Partial<LauncherState>): void {
    state = { ...state, ...change };
    frame.host.style.colorScheme = look.theme === 'auto' ? 'light dark' : look.theme;
    launcher.render(state, words());
  }

  function words() {
    return texts[chooseLocale(look.locale, navigator.languages)];
  }

  /** For somebody who has been here the frame loads hidden, so that unread messages show. */
  function preload(): void {
    if (!store.get(identity.id) && !identity.hash) return;
    whenIdle(() => {
      if (!frame.loaded()) load();
    });
  }

  function load(): void {
    if (!frame.loaded()) frame.load(words().chat);
    clearTimeout(timeout);
    timeout = setTimeout(() => {
      unload();
      if (state.phase !== 'loading') return;
      render({ phase: 'failed' });
      emitter.emit('error', { code: 'panel_unreachable' });
    }, READY_TIMEOUT_MS);
  }

  function unload(): void {
    clearTimeout(timeout);
    panelReady = false;
    frame.unload();
  }

  function wanted(): boolean {
    return /open|loading/.test(state.phase);
  }

  function open(): void {
    if (wanted()) return;
    render({ phase: 'loading' });
    if (panelReady) reveal();
    else load();
  }

  function reveal(): void {
    frame.show(true);
    phone.enter();
    render({ phase: 'open' });
    frame.focus();
    frame.post({ type: 'visible', open: true, page: location.href });
    for (const message of composing.splice(0)) frame.post(message);
    emitter.emit('open', {});
  }

  function close(): void {
    const wasOpen = state.phase === 'open';
    const hadFocus = document.activeElement === frame.host;
    render({ phase: 'closed' });
    if (!wasOpen) return;
    frame.show(false);
    frame.post({ type: 'visible', open: false, page: location.href });
    phone.leave();
    if (hadFocus) launcher.focus();
    emitter.emit('close', {});
  }

  function toggle(): void {
    if (wanted()) close();
    else open();
  }

  function begin(): void {
    const saved = store.get(identity.id) ?? {};
    known = saved[VISITOR];
    frame.post({
      type: 'init',
      business: options.business,
      identity,
      saved: Object.entries(saved).map(([key, value]) => ({ key, value: String(value) })),
      look,
      page: location.href,
      referrer: document.referrer,
      team: options.team,
      open: wanted(),
    });
  }

  function receive(message: ToLoader): void {
    switch (message.type) {
      case 'hello':
        return begin();
      case 'ready':
        panelReady = true;
        clearTimeout(timeout);
        emitter.emit('ready', {});
        if (state.phase === 'loading') reveal();
        return;
      case 'close':
        return close();
      case 'put':
        store.put(identity.id, message.key, message.value);
        known = store.get(identity.id)?.[VISITOR];
        return;
      case 'unread':
        render({ unread: message.count });
        return tell(message);
      default:
        return tell(message);
    }
  }

  /** What the panel says happened goes on to the site as it is. */
  function tell({ type, ...detail }: Extract<ToLoader, { type: keyof SiteEvents }>): void {
    emitter.emit(type, detail);
  }

  /** The tabs of one visitor share one token: the last one written wins in all of them. */
  function otherTabChanged(): void {
    const saved = store.get(identity.id);
    if (!frame.loaded() || known === undefined) return;
    if (!saved) forget();
    else if (saved[VISITOR] !== known) begin();
  }

  function forget(): void {
    close();
    unload();
    render({ unread: 0 });
  }

  function changeLook(change: Partial<typeof look>): void {
    Object.assign(look, change);
    render({});
    frame.post({ type: 'look', ...look });
  }

  /** Opens the panel with this text in the composer, or sends it. */
  function compose(given: unknown, send: boolean): void {
    const message = { type: 'compose', text: asText(given), send } as const;
    if (state.phase === 'open') return frame.post(message);
    composing.push(message);
    open();
  }

  return {
    open,
    close,
    toggle,
    identify(fields) {
      const before = JSON.stringify(identity);
      identity = readIdentity(fields, identity);
      if (JSON.stringify(identity) === before) return;
      if (panelReady) begin();
      else preload();
    },
    setLocale: (locale) => changeLook({ locale: asText(locale) }),
    setTheme: (theme) => changeLook({ theme: asText(theme) }),
    prefill: (text) => compose(text, false),
    send: (text) => compose(text, true),
    logout() {
      store.remove(identity.id);
      store.remove('');
      identity = nobody;
      composing = [];
      forget();
    },
  };
}
