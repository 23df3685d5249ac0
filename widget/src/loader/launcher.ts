import { luminance, parse } from '../bridge/colour.ts';
import type { LauncherSettings } from './configuration.ts';
import { launcherStyles } from './launcher-styles.ts';
import { append, appendIcons, shadowHost } from './shadow.ts';
import type { Texts } from './texts.ts';

const SPEECH_BUBBLE = 'M5 20V7a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H9zM9 9h6m-6 4h4';
const CHEVRON = 'm6 9 6 6 6-6';

/** From here on black is easier to read than white; our own blue is just below. */
const BRIGHT = 0.1834;

/**
 * What the launcher shows: closed with a count of unread messages, a question that stands before the chat, busy while
 * the panel loads, open, or a way out.
 */
export interface LauncherState {
  phase: 'closed' | 'asking' | 'loading' | 'open' | 'failed';
  unread: number;
}

export interface Launcher {
  readonly host: HTMLElement;
  /** Looks as the business has it. @param pictures where paths of avatars lead */
  dress(settings: LauncherSettings, pictures: string): void;
  render(state: LauncherState, words: Texts): void;
  focus(): void;
}

/**
 * The button in the corner, in a shadow root of its own.
 * @param image the picture of WoLive's launcher; null for our own look
 * @param panelUrl where the way out leads when the panel cannot be shown in the page
 */
export function createLauncher(image: string | null, panelUrl: string, pressed: () => void): Launcher {
  const { host, root } = shadowHost('openkefu-launcher', launcherStyles(image));
  const button = append(root, 'button', { type: 'button', 'data-testid': 'openkefu-launcher' });
  const label = append(button, 'b', {});
  const badge = append(button, 'span', { 'data-testid': 'openkefu-unread' });
  const wayOut = append(root, 'a', { href: panelUrl, target: '_blank', rel: 'noopener' });
  if (image === null) button.prepend(appendIcons(button, SPEECH_BUBBLE, CHEVRON));
  else host.className = 'kefu_box';
  // On the host, so that a site's own click() on `.kefu_box` works too.
  host.onclick = (event) => {
    if (event.composedPath()[0] !== wayOut) pressed();
  };

  return {
    host,
    dress({ accent, position, launcherText, avatar }, pictures) {
      host.dataset['side'] = position;
      if (image !== null) return;
      const colour = parse(accent);
      // Names of our own: the page's `--accent` reaches into shadow roots too.
      host.style.setProperty('--kefu-accent', accent);
      if (colour && luminance(colour) > BRIGHT) host.style.setProperty('--kefu-on-accent', '#000');
      label.textContent = launcherText;
      button.toggleAttribute('data-text', launcherText !== '');
      if (!avatar) return;
      const picture = append(button, 'img', { src: new URL(avatar, pictures).href, alt: '' });
      // The page's policy may refuse it; then the icon is there again.
      picture.onerror = () => picture.remove();
      button.prepend(picture);
    },
    render({ phase, unread }, words) {
      const open = phase === 'open';
      const name = (open ? words.close : words.open) + (label.textContent || words.chat);
      host.dataset['phase'] = phase;
      button.ariaLabel = name + (unread ? `, ${unread}${words.unread}` : '');
      button.ariaExpanded = String(open);
      button.ariaBusy = String(phase === 'loading');
      badge.textContent = !unread || open ? '' : unread > 99 ? '99+' : String(unread);
      wayOut.textContent = phase === 'failed' ? words.failed : '';
    },
    focus: () => button.focus(),
  };
}
