/** Calls back when the document is parsed: a script in the head runs before there is a body, or WoLive's anchor. */
export function whenParsed(parsed: () => void): void {
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', parsed);
  else parsed();
}

/** Calls back when the page has loaded and has nothing better to do. */
export function whenIdle(idle: () => void): void {
  // Safari has no idle callbacks.
  const wait = () => (window.requestIdleCallback ?? setTimeout)(() => idle());
  if (document.readyState === 'complete') wait();
  else addEventListener('load', wait);
}

/**
 * Keeps our elements in the page, beside its body: transitions that swap the body leave them as they are, and where
 * the whole document is written anew they are put back.
 */
export function keepInPage(...hosts: Element[]): void {
  const watcher = new MutationObserver(put);
  function put(): void {
    const page = document.documentElement;
    page?.append(...hosts.filter((host) => host.parentNode !== page));
    watcher.observe(document, { childList: true });
    if (page) watcher.observe(page, { childList: true });
  }
  put();
}
