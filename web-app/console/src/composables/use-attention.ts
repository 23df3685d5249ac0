import { onScopeDispose, readonly, ref, type Ref } from 'vue';

/** Whether somebody is looking: the page is visible and has the focus. */
export function useAttention(): Readonly<Ref<boolean>> {
  const looking = () => document.visibilityState === 'visible' && document.hasFocus();
  const attention = ref(looking());
  const update = () => {
    attention.value = looking();
  };
  document.addEventListener('visibilitychange', update);
  window.addEventListener('focus', update);
  window.addEventListener('blur', update);
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', update);
    window.removeEventListener('focus', update);
    window.removeEventListener('blur', update);
  });
  return readonly(attention);
}
