import { nextTick, onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Nearer to the end than this is at the end. */
const AT_END_PX = 48;

export interface StickToEnd {
  /** The newest messages are in sight. */
  readonly atEnd: Readonly<Ref<boolean>>;
  onScroll(): void;
  toEnd(): void;
  /** Lets `change` put something above what is in sight, which stays where it is. */
  keepPlace(change: () => Promise<void>): Promise<void>;
}

/** A box that stays at its end while the reader is there, whatever grows in or around it, and else stays in place. */
export function useStickToEnd(
  box: Readonly<Ref<HTMLElement | null>>,
  content: Readonly<Ref<HTMLElement | null>>,
): StickToEnd {
  const atEnd = ref(true);
  let sizes: ResizeObserver | undefined;

  function distanceToEnd(element: HTMLElement): number {
    return element.scrollHeight - element.clientHeight - element.scrollTop;
  }

  function toEnd(): void {
    atEnd.value = true;
    if (box.value !== null) box.value.scrollTop = box.value.scrollHeight;
  }

  onMounted(() => {
    if (typeof ResizeObserver === 'undefined') return;
    sizes = new ResizeObserver(() => {
      if (atEnd.value) toEnd();
    });
    for (const element of [box.value, content.value]) if (element !== null) sizes.observe(element);
  });
  onBeforeUnmount(() => sizes?.disconnect());

  return {
    atEnd,
    onScroll() {
      if (box.value !== null) atEnd.value = distanceToEnd(box.value) < AT_END_PX;
    },
    toEnd,
    async keepPlace(change) {
      const before = box.value === null ? 0 : distanceToEnd(box.value);
      await change();
      await nextTick();
      const element = box.value;
      if (element !== null) element.scrollTop = element.scrollHeight - element.clientHeight - before;
    },
  };
}
