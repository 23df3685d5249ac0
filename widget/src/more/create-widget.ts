import { nobody, type ToLoader, type ToPanel } from '../bridge/messages.ts';
import { asText, readIdentity } from '../loader/boot-options.ts';
import type { Widget } from '../loader/commands.ts';
import { keepInPage } from '../loader/page-moments.ts';
import { phoneQuery } from '../loader/phone-query.ts';
import { isLeftOpen, type Shell } from '../loader/shell.ts';
import type { SiteEvents } from '../loader/site-events.ts';
import { checkIdentity, checkText, checkTheme, type Complaint } from './arguments.ts';
import { createCard } from './card.ts';
import { watchOtherTabs } from './other-tabs.ts';
import { startPageClock } from './page-clock.ts';
import { createPanelWindow } from './panel-window.ts';
import { createProactive } from './proactive.ts';
import { noProduct, readProduct } from './product.ts';
import { cardWordsIn } from './texts.ts';
import { createTitleBadge } from './title-badge.ts';

/** The entry that says since when the chat is open, in all tabs. */
const OPEN = 'open';
/** The entry that says who the visitor is. */
const VISITOR = 'visitor';

/**
 * The panel of one business on this page, and what is beside it. Asks the server for nothing before the visitor opens
 * it, the site says who the visitor is, or the visitor has been here before.
 */
export function createWidget(shell: Shell): Widget {
  const { options, emitter, store, launcher, look, state, settings, render } = shell;
  let identity = options.identity;
  let product = noProduct;
  let standing = '';
  /** The panel has said hello, and hears us. */
  let listening = false;
  let composing: Extract<ToPanel, { type: 'compose' }>[] = [];

  const card = createCard(launcher.host);
  const showInTitle = createTitleBadge();
  const panel = createPanelWindow({
    shell,
    card,
    receive,
    opening: () => proactive.done(),
    opened() {
      for (const message of composing.splice(0)) panel.post(message);
    },
    declined: () => void (composing = []),
    remember: (isOpen) => put(OPEN, isOpen ? String(Date.now()) : ''),
  });
  const tabs = watchOtherTabs({ store, id: () => identity.id, changed: changedElsewhere, gone: forget });
  const proactive = createProactive({
    rules: settings?.proactive ?? [],
    memory: panel.mayKeep() ? sessionMemory() : null,
    business: options.business,
    free: isFree,
    say,
  });

  keepInPage(panel.host, card.host);
  dress();
  addEventListener('keydown', (event) => {
    // Not when the focus is in something of the site's, which may close something of its own.
    const here = document.activeElement === document.body || document.activeElement === launcher.host;
    if (event.key === 'Escape' && here && panel.wanted()) panel.close();
  });
  document.addEventListener('visibilitychange', followTabs);
  startPageClock((address, seconds, moved) => {
    if (moved) {
      if (state.phase === 'closed') card.hide();
      panel.post({ type: 'visible', open: state.phase === 'open', page: address, focus: false });
    }
    proactive.look(address, seconds);
  });
  setProduct(options.product);
  followTabs();
  preload();

  function dress(): void {
    render({});
    panel.host.style.colorScheme = launcher.host.style.colorScheme;
  }

  /** For somebody who has been here, or whom the site vouches for. */
  function preload(): void {
    if (store.get(identity.id) || identity.hash) panel.preload();
  }

  function put(key: string, value: string): void {
    store.put(identity.id, key, value);
    tabs.wrote(key, value);
  }

  function start(): void {
    listening = true;
    const saved = store.get(identity.id) ?? {};
    panel.post({
      type: 'init',
      business: options.business,
      identity,
      saved: Object.entries(saved).map(([key, value]) => ({ key, value: String(value) })),
      look,
      page: location.href,
      referrer: document.referrer,
      team: options.team,
      open: panel.wanted(),
    });
    if (product !== noProduct) panel.post({ type: 'product', ...product });
  }

  function receive(message: Exclude<ToLoader, { type: 'ready' | 'close' }>): void {
    switch (message.type) {
      case 'hello':
        return start();
      case 'called':
        return panel.open(true);
      case 'put':
        return put(message.key, message.value);
      case 'unread':
        showUnread(message.count);
        return tell(message);
      case 'status':
        standing = message.state;
        return tell(message);
      default:
        return tell(message);
    }
  }

  /** What the panel says happened goes on to the site as it is. */
  function tell({ type, ...detail }: Extract<ToLoader, { type: keyof SiteEvents }>): void {
    emitter.emit(type, detail);
  }

  function showUnread(unread: number): void {
    render({ unread });
    showInTitle(unread);
  }

  /** The tabs of one visitor share one token: the last one written wins in all of them. */
  function changedElsewhere(key: string, value: string): void {
    if (key === OPEN) return followTabs();
    if (listening && key !== VISITOR) return panel.post({ type: 'kept', key, value });
    if (listening) start();
    followTabs();
  }

  /** The chat is as it was left on the last page or another tab. A tab that nobody looks at follows when somebody does. */
  function followTabs(): void {
    if (document.hidden || matchMedia(phoneQuery).matches) return;
    const kept = store.get(identity.id);
    // Only once it is known who the visitor is: two tabs must not make two of them.
    if (isLeftOpen(kept) && kept?.[VISITOR] && panel.mayKeep()) panel.open(true);
    if (!kept?.[OPEN] && state.phase === 'open') panel.hide();
  }

  function forget(): void {
    listening = false;
    standing = '';
    composing = [];
    panel.hide();
    panel.unload();
    showUnread(0);
  }

  /** Nothing stands in the way of speaking to the visitor. */
  function isFree(): boolean {
    const talking = standing === 'assigned' || standing === 'waiting';
    const looking = !document.hidden && launcher.host.getClientRects().length > 0;
    const quiet = state.phase === 'closed' && state.unread === 0 && !card.host.hasAttribute('data-shown');
    return looking && quiet && !talking;
  }

  function say(words: string): void {
    const { said: name, dismiss } = cardWordsIn(look.locale);
    const dismissed = () => {
      proactive.heard(words);
      card.hide();
      launcher.focus();
    };
    card.show({ kind: 'said', name, words, dismiss, dismissed, followed: () => panel.open(false) });
  }

  function changeLook(complaint: Complaint, change: Partial<typeof look>): void {
    if (complaint) return refuse(complaint);
    Object.assign(look, change);
    dress();
    panel.post({ type: 'look', ...look });
  }

  /** Opens the panel with this text in the composer, or sends it. */
  function compose(complaint: Complaint, given: unknown, send: boolean): void {
    if (complaint) return refuse(complaint);
    const message = { type: 'compose', text: asText(given), send } as const;
    if (state.phase === 'open') return panel.post(message);
    composing.push(message);
    panel.open(false);
  }

  function setProduct(given: unknown): void {
    const read = readProduct(given);
    if (read === null) return refuse('product is an object, or its JSON: { pid, url, image, title, info, price }');
    product = read;
    if (listening) panel.post({ type: 'product', ...product });
  }

  function refuse(why: string): void {
    emitter.refuse('bad_argument', why);
  }

  return {
    open: () => panel.open(false),
    close: () => panel.close(),
    toggle() {
      if (panel.wanted()) panel.close();
      else panel.open(false);
    },
    identify(fields) {
      const complaint = checkIdentity(fields);
      if (complaint) return refuse(complaint);
      const before = JSON.stringify(identity);
      identity = readIdentity(fields, identity);
      if (JSON.stringify(identity) === before) return;
      tabs.begin();
      if (listening) start();
      else preload();
    },
    setLocale: (locale) => changeLook(checkText('setLocale', locale), { locale: asText(locale) }),
    setTheme: (theme) => changeLook(checkTheme(theme), { theme: asText(theme) }),
    prefill: (text) => compose(checkText('prefill', text), text, false),
    send: (text) => compose(checkText('send', text), text, true),
    product: setProduct,
    logout() {
      store.remove(identity.id);
      store.remove('');
      identity = nobody;
      tabs.begin();
      forget();
    },
  };
}

/** Null where the browser refuses it. */
function sessionMemory(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    // Storage is switched off: a page remembers for itself.
    return null;
  }
}
