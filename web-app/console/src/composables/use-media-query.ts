import { getCurrentScope, onScopeDispose, ref, type Ref } from 'vue';

/** Whether a media query matches, live. False where there are none (tests without a layout). */
export function useMediaQuery(query: string): Readonly<Ref<boolean>> {
  const matches = ref(false);
  if (typeof window.matchMedia !== 'function') return matches;
  const list = window.matchMedia(query);
  const update = () => {
    matches.value = list.matches;
  };
  update();
  list.addEventListener('change', update);
  if (getCurrentScope() !== undefined) onScopeDispose(() => list.removeEventListener('change', update));
  return matches;
}
