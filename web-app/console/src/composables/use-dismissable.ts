import { onScopeDispose, watch, type Ref } from 'vue';

/** Closes what is open on Escape and on a press outside of `inside`. After Escape the focus goes back. */
export function useDismissable(
  open: Ref<boolean>,
  inside: readonly Readonly<Ref<HTMLElement | null>>[],
  giveFocusBack: () => void,
): void {
  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    open.value = false;
    giveFocusBack();
  }
  function onPress(event: PointerEvent): void {
    const target = event.target;
    if (target instanceof Node && inside.some((element) => element.value?.contains(target) === true)) return;
    open.value = false;
  }
  function stop(): void {
    document.removeEventListener('keydown', onKey, true);
    document.removeEventListener('pointerdown', onPress, true);
  }
  watch(open, (isOpen) => {
    stop();
    if (!isOpen) return;
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('pointerdown', onPress, true);
  });
  onScopeDispose(stop);
}
