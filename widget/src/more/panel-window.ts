import type { ToLoader, ToPanel } from '../bridge/messages.ts';
import { whenIdle } from '../loader/page-moments.ts';
import { phoneQuery } from '../loader/phone-query.ts';
import type { Shell } from '../loader/shell.ts';
import type { Card } from './card.ts';
import { createConsent } from './consent.ts';
import { createFrame } from './frame.ts';
import { createPhoneScreen } from './phone-screen.ts';
import { cardWordsIn } from './texts.ts';

export interface PanelWindowDeps {
  shell: Shell;
  card: Card;
  /** What the panel says, but for when it can be shown and wants to be closed. */
  receive: (message: Exclude<ToLoader, { type: 'ready' | 'close' }>) => void;
  opening: () => void;
  opened: () => void;
  /** The visitor does not want to be remembered, and so not to chat. */
  declined: () => void;
  /** On the next page, and in other tabs, it is to be as it is here. */
  remember: (isOpen: boolean) => void;
}

/** The panel in the page: asked for, loaded, shown and closed. */
export interface PanelWindow {
  readonly host: HTMLElement;
  /** @param quietly it opens by another tab or page: it takes no focus, and tells of no failure */
  open(quietly: boolean): void;
  close(): void;
  /** Closes it here alone. */
  hide(): void;
  /** Open, or about to be. */
  wanted(): boolean;
  /** Hidden, when the page has nothing better to do: so that unread messages show. */
  preload(): void;
  unload(): void;
  /** Lost while the panel does not listen. */
  post(message: ToPanel): void;
  /** Nothing is kept or loaded before the visitor agreed. */
  mayKeep(): boolean;
}

/** A panel that has not answered by then will not: the visitor gets a link instead. */
const READY_TIMEOUT_MS = 8000;

export function createPanelWindow(deps: PanelWindowDeps): PanelWindow {
  const { shell, card } = deps;
  const { options, settings, launcher, emitter, state, look, render } = shell;
  let ready = false;
  let quiet = false;
  let timeout: ReturnType<typeof setTimeout> | undefined;

  const frame = createFrame({
    // The panel posts to the origin named here and nowhere else; a fragment is never sent to a server.
    url: `${shell.panelUrl}#${encodeURIComponent(location.origin)}`,
    legacy: options.legacy,
    side: settings?.position ?? 'right',
    media: settings?.media ?? false,
    receive,
  });
  const consent = createConsent(shell);
  const phone = createPhoneScreen(frame.host, close);

  function receive(message: ToLoader): void {
    if (message.type === 'close') return close();
    if (message.type !== 'ready') return deps.receive(message);
    ready = true;
    clearTimeout(timeout);
    emitter.emit('ready', {});
    if (state.phase === 'loading') reveal();
  }

  function wanted(): boolean {
    return /open|loading|asking/.test(state.phase);
  }

  function load(): void {
    if (!frame.loaded()) frame.load(settings?.title || shell.words().chat);
    clearTimeout(timeout);
    timeout = setTimeout(() => {
      unload();
      if (state.phase !== 'loading') return;
      render({ phase: quiet ? 'closed' : 'failed' });
      emitter.emit('error', { code: 'panel_unreachable' });
    }, READY_TIMEOUT_MS);
  }

  function unload(): void {
    clearTimeout(timeout);
    ready = false;
    frame.unload();
  }

  function open(quietly: boolean): void {
    if (wanted()) return;
    quiet = quietly;
    deps.opening();
    card.hide();
    if (!consent.given()) return ask();
    render({ phase: 'loading' });
    if (ready) reveal();
    else load();
  }

  function ask(): void {
    const { consent: words, agree: yes, decline: no } = cardWordsIn(look.locale);
    const answered = (agreed: boolean) => {
      card.hide();
      render({ phase: 'closed' });
      launcher.focus();
      if (!agreed) return deps.declined();
      consent.give();
      open(false);
    };
    render({ phase: 'asking' });
    card.show({ kind: 'question', words, yes, no, answered });
  }

  function reveal(): void {
    frame.show(true);
    phone.enter();
    render({ phase: 'open' });
    if (!quiet) frame.focus();
    frame.post({ type: 'visible', open: true, page: location.href, focus: !quiet });
    deps.opened();
    remember(true);
    emitter.emit('open', {});
  }

  /** On a phone it would cover the next page. */
  function remember(isOpen: boolean): void {
    if (!matchMedia(phoneQuery).matches) deps.remember(isOpen);
  }

  function close(): void {
    if (state.phase === 'open') remember(false);
    hide();
  }

  function hide(): void {
    const { phase } = state;
    const hadFocus = document.activeElement === frame.host;
    if (wanted()) card.hide();
    render({ phase: 'closed' });
    if (phase !== 'open') return;
    frame.show(false);
    frame.post({ type: 'visible', open: false, page: location.href, focus: false });
    phone.leave();
    if (hadFocus) launcher.focus();
    emitter.emit('close', {});
  }

  // As long as the page is open, the visit goes on.
  addEventListener('pagehide', () => state.phase === 'open' && remember(true));

  return {
    host: frame.host,
    open,
    close,
    hide,
    wanted,
    preload() {
      if (!consent.given()) return;
      whenIdle(() => {
        if (!frame.loaded()) load();
      });
    },
    unload,
    post: (message) => frame.post(message),
    mayKeep: () => consent.given(),
  };
}
