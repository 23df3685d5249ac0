import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** Whether this page's tab is in front. */
export function usePageShown(): ShallowRef<boolean> {
  const now = () => document.visibilityState === 'visible';
  const shown = shallowRef(now());
  const changed = () => (shown.value = now());
  document.addEventListener('visibilitychange', changed);
  onScopeDispose(() => document.removeEventListener('visibilitychange', changed));
  return shown;
}
