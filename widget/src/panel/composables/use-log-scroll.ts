import { onBeforeUpdate, onMounted, onUnmounted, onUpdated, type Ref } from 'vue';

/** This close to the end counts as being there. */
const END_PX = 48;
/** This close to the beginning, older messages are asked for. */
const START_PX = 160;

/**
 * Keeps the log where the reader is: at the end when they were there, and in place when older messages appear above.
 * @param content what scrolls in it; it may grow by itself, as a form in it does
 * @param firstKey what stands at the top, to tell older messages from new ones
 */
export function useLogScroll(
  log: Ref<HTMLElement | null>,
  content: Ref<HTMLElement | null>,
  atEnd: Ref<boolean>,
  firstKey: () => string | undefined,
  nearStart: () => void,
): { toEnd: () => void; scrolled: () => void } {
  let heightBefore = 0;
  let firstBefore: string | undefined;
  const observer = new ResizeObserver(() => {
    if (atEnd.value) toEnd();
  });

  function toEnd(): void {
    if (log.value) log.value.scrollTop = log.value.scrollHeight;
  }

  function scrolled(): void {
    const element = log.value;
    // A hidden frame has no height; that is no scrolling of anybody's.
    if (!element || element.clientHeight === 0) return;
    atEnd.value = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX;
    if (element.scrollTop < START_PX) nearStart();
  }

  onMounted(() => {
    for (const { value } of [log, content]) if (value) observer.observe(value);
    toEnd();
  });
  onUnmounted(() => observer.disconnect());
  onBeforeUpdate(() => {
    heightBefore = log.value?.scrollHeight ?? 0;
  });
  onUpdated(() => {
    const element = log.value;
    const first = firstKey();
    if (!element) return;
    if (atEnd.value) toEnd();
    else if (first !== firstBefore) element.scrollTop += element.scrollHeight - heightBefore;
    firstBefore = first;
  });

  return { toEnd, scrolled };
}
