import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** True once `condition` has been true for `ms` without a break: what is over at once is never shown. */
export function useDelayed(condition: () => boolean, ms: number): Readonly<Ref<boolean>> {
  const delayed = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    condition,
    (holds) => {
      clearTimeout(timer);
      if (!holds) delayed.value = false;
      else timer = setTimeout(() => (delayed.value = true), ms);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return delayed;
}
