import { onScopeDispose, watch } from 'vue';

const NAME = 'OpenKefu';
const ICON = `${import.meta.env.BASE_URL}favicon.svg`;
const UNREAD_ICON = `${import.meta.env.BASE_URL}favicon-unread.svg`;

/** `(3) OpenKefu`, and as it was for none. */
export function titleFor(unread: number): string {
  if (unread <= 0) return NAME;
  return `(${unread > 99 ? '99+' : unread}) ${NAME}`;
}

/** Shows how much is unread where it is seen from other tabs: in the title and the icon. */
export function useTitleBadge(unread: () => number): void {
  function show(count: number): void {
    document.title = titleFor(count);
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    const address = count > 0 ? UNREAD_ICON : ICON;
    if (icon !== null && icon.getAttribute('href') !== address) icon.setAttribute('href', address);
  }
  watch(unread, show, { immediate: true });
  onScopeDispose(() => show(0));
}
