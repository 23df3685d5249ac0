import { phoneQuery } from '../loader/phone-query.ts';

/** Marks the history entry that the back button takes away to close the panel. */
const HISTORY_MARK = 'openkefu';

/** While the panel fills a phone's screen: the page behind stands still, back closes, the keyboard covers nothing. */
export interface PhoneScreen {
  enter(): void;
  leave(): void;
}

/** @param frameHost gets `--kefu-top` and `--kefu-height`, the part of the screen that the keyboard leaves */
export function createPhoneScreen(frameHost: HTMLElement, back: () => void): PhoneScreen {
  const page = document.documentElement;
  const viewport = window.visualViewport;
  let entered = false;
  let overflowBefore = '';

  function fit(): void {
    if (!entered || !viewport) return;
    frameHost.style.setProperty('--kefu-top', `${viewport.offsetTop}px`);
    frameHost.style.setProperty('--kefu-height', `${viewport.height}px`);
  }

  viewport?.addEventListener('resize', fit);
  viewport?.addEventListener('scroll', fit);
  addEventListener('popstate', () => {
    if (entered && !isMarked()) back();
  });

  return {
    enter() {
      if (entered || !matchMedia(phoneQuery).matches) return;
      entered = true;
      overflowBefore = page.style.overflow;
      page.style.overflow = 'hidden';
      // A site's router keeps what it stored in the entry.
      history.pushState({ ...(history.state as object | null), [HISTORY_MARK]: true }, '');
      fit();
    },
    leave() {
      if (!entered) return;
      entered = false;
      page.style.overflow = overflowBefore;
      if (isMarked()) history.back();
    },
  };
}

function isMarked(): boolean {
  return (history.state as Record<string, unknown> | null)?.[HISTORY_MARK] === true;
}
