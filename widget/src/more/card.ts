import { append, appendIcons, shadowHost } from '../loader/shadow.ts';
import { cardStyles } from './card-styles.ts';

const CROSS = 'm7 7 10 10M17 7 7 17';
/** Between the launcher and the card, and between the card and the window's edge. */
const GAP_PX = 12;
const EDGE_PX = 20;

/** What a card can hold: a question with two answers, or something said that leads into the chat. */
export type CardContent =
  | { kind: 'question'; words: string; yes: string; no: string; answered: (yes: boolean) => void }
  | { kind: 'said'; name: string; words: string; dismiss: string; followed: () => void; dismissed: () => void };

export interface Card {
  readonly host: HTMLElement;
  show(content: CardContent): void;
  hide(): void;
}

/** One small card beside the launcher, wherever a site has put that. */
export function createCard(launcher: HTMLElement): Card {
  const { host, root } = shadowHost('openkefu-card', cardStyles);
  const place = append(root, 'section', { 'data-testid': 'openkefu-card' });
  addEventListener('resize', beside);

  /** Above the launcher, or below where there is more room; on its side of the window. */
  function beside(): void {
    if (!host.hasAttribute('data-shown')) return;
    const { top, bottom, left, right, width } = launcher.getBoundingClientRect();
    const there = width > 0;
    const onLeft = there ? left + right < innerWidth : launcher.dataset['side'] === 'left';
    const below = there && top < innerHeight - bottom;
    const x = !there ? EDGE_PX : onLeft ? left : document.documentElement.clientWidth - right;
    const y = !there ? EDGE_PX : (below ? bottom : innerHeight - top) + GAP_PX;
    host.dataset['side'] = onLeft ? 'left' : 'right';
    host.toggleAttribute('data-below', below);
    host.style.setProperty('--x', `${Math.max(EDGE_PX, x)}px`);
    host.style.setProperty('--y', `${y}px`);
    host.style.colorScheme = launcher.style.colorScheme;
    for (const name of ['--kefu-accent', '--kefu-on-accent']) {
      host.style.setProperty(name, launcher.style.getPropertyValue(name));
    }
  }

  function button(parent: Element, className: string, words: string, testId: string, pressed: () => void): HTMLElement {
    const made = append(parent, 'button', { type: 'button', class: className, 'data-testid': testId });
    made.textContent = words;
    made.onclick = pressed;
    return made;
  }

  function ask({ words, yes, no, answered }: Extract<CardContent, { kind: 'question' }>): void {
    place.setAttribute('role', 'dialog');
    place.setAttribute('aria-labelledby', 'words');
    append(place, 'p', { id: 'words' }).textContent = words;
    const answers = append(place, 'div', {});
    const agree = button(answers, 'main', yes, 'openkefu-agree', () => answered(true));
    button(answers, '', no, 'openkefu-decline', () => answered(false));
    place.onkeydown = ({ key }) => {
      if (key === 'Escape') answered(false);
    };
    agree.focus();
  }

  function say({ name, words, dismiss, followed, dismissed }: Extract<CardContent, { kind: 'said' }>): void {
    place.setAttribute('role', 'status');
    place.removeAttribute('aria-labelledby');
    place.setAttribute('aria-label', name);
    button(place, 'said', words, 'openkefu-said', followed);
    const away = button(place, 'away', '', 'openkefu-dismiss', dismissed);
    away.ariaLabel = dismiss;
    appendIcons(away, CROSS);
    place.onkeydown = ({ key }) => {
      if (key === 'Escape') dismissed();
    };
  }

  return {
    host,
    show(content) {
      place.replaceChildren();
      host.toggleAttribute('data-shown', true);
      beside();
      if (content.kind === 'question') ask(content);
      else say(content);
    },
    hide() {
      host.toggleAttribute('data-shown', false);
      place.replaceChildren();
    },
  };
}
