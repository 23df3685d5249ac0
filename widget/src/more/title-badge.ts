const BADGE = /^\(\d+\+?\) /;

/** The number of unread messages before the page's title, for who has the page in a tab behind others. */
export function createTitleBadge(): (unread: number) => void {
  let shown = 0;
  // A page may change its title at any time; ours goes before whatever it is then.
  const watcher = new MutationObserver(write);

  function write(): void {
    const own = document.title.replace(BADGE, '');
    const wanted = shown > 0 ? `(${shown > 99 ? '99+' : shown}) ${own}` : own;
    if (document.title !== wanted) document.title = wanted;
  }

  return (unread) => {
    if (unread === shown) return;
    shown = unread;
    write();
    watcher.disconnect();
    if (shown > 0) watcher.observe(document.head, { childList: true, characterData: true, subtree: true });
  };
}
