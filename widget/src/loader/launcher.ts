import { launcherStyles } from './launcher-styles.ts';
import { append, appendIcons, shadowHost } from './shadow.ts';
import type { Texts } from './texts.ts';

const SPEECH_BUBBLE = 'M5 20V7a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H9zM9 9h6m-6 4h4';
const CHEVRON = 'm6 9 6 6 6-6';

/** What the launcher shows: closed with a count of unread messages, busy while the panel loads, open, or a way out. */
export interface LauncherState {
  phase: 'closed' | 'loading' | 'open' | 'failed';
  unread: number;
}

export interface Launcher {
  readonly host: HTMLElement;
  render(state: LauncherState, words: Texts): void;
  focus(): void;
}

/**
 * The round button in the corner, in a shadow root of its own.
 * @param image the picture of WoLive's launcher; null for our own look
 * @param panelUrl where the way out leads when the panel cannot be shown in the page
 */
export function createLauncher(image: string | null, panelUrl: string, toggle: () => void): Launcher {
  const { host, root } = shadowHost('openkefu-launcher', launcherStyles(image));
  const button = append(root, 'button', { type: 'button', 'data-testid': 'openkefu-launcher' });
  const badge = append(button, 'span', { 'data-testid': 'openkefu-unread' });
  const wayOut = append(root, 'a', { href: panelUrl, target: '_blank', rel: 'noopener' });
  if (image === null) appendIcons(button, SPEECH_BUBBLE, CHEVRON);
  else host.className = 'kefu_box';
  // On the host, so that a site's own click() on `.kefu_box` works too.
  host.onclick = (event) => {
    if (event.composedPath()[0] !== wayOut) toggle();
  };

  return {
    host,
    render({ phase, unread }, words) {
      const open = phase === 'open';
      host.dataset['phase'] = phase;
      button.ariaLabel = (open ? words.close : words.open) + words.chat + (unread ? `, ${unread}${words.unread}` : '');
      button.ariaExpanded = String(open);
      button.ariaBusy = String(phase === 'loading');
      badge.textContent = !unread || open ? '' : unread > 99 ? '99+' : String(unread);
      wayOut.textContent = phase === 'failed' ? words.failed : '';
    },
    focus: () => button.focus(),
  };
}
