import type { BootOptions } from './boot-options.ts';
import type { LauncherSettings } from './configuration.ts';
import { phoneQuery } from './phone-query.ts';
import { createLauncher, type Launcher, type LauncherState } from './launcher.ts';
import { keepInPage } from './page-moments.ts';
import type { Emitter } from './site-events.ts';
import { openStore, type Kept, type Store } from './store.ts';
import { wordsIn, type Texts } from './texts.ts';

/** What the first script has made in the page; the second script goes on from here. */
export interface Shell {
  readonly options: BootOptions;
  readonly emitter: Emitter;
  readonly store: Store;
  readonly launcher: Launcher;
  readonly look: { locale: string; theme: string };
  /** Null until they are here, and when they cannot be had. */
  settings: LauncherSettings | null;
  readonly state: LauncherState;
  readonly panelUrl: string;
  readonly render: (change: Partial<LauncherState>) => void;
  words(): Texts;
}

/** The launcher of one business on this page, not shown before `dress` says how. */
export function createShell(options: BootOptions, emitter: Emitter, pressed: () => void): Shell {
  const panelUrl = `${options.host}/widget/panel/?business_id=${encodeURIComponent(options.business)}`;
  const image = options.legacy ? `${options.host}/assets/images/index/im.png` : null;
  const launcher = createLauncher(image, panelUrl, pressed);
  const look = { locale: options.locale, theme: options.theme || 'auto' };
  const state: LauncherState = { phase: 'closed', unread: 0 };
  const words = () => wordsIn(look.locale);
  keepInPage(launcher.host);

  return {
    options,
    emitter,
    store: openStore(options.business),
    launcher,
    look,
    settings: null,
    state,
    panelUrl,
    render(change) {
      Object.assign(state, change);
      launcher.host.style.colorScheme = look.theme === 'auto' ? 'light dark' : look.theme;
      launcher.render(state, words());
    },
    words,
  };
}

/** A chat that was open longer ago belongs to another visit. */
const LEFT_OPEN_MS = 30 * 60_000;

/** Whether the visitor left the chat open on another page or tab, and there is room for page and chat. */
export function isLeftOpen(kept: Kept | null): boolean {
  return Date.now() - Number(kept?.['open']) < LEFT_OPEN_MS && !matchMedia(phoneQuery).matches;
}
