import { readonly, ref, type Ref } from 'vue';

type Handlers = Readonly<Record<'dragenter' | 'dragover' | 'dragleave' | 'drop', (event: DragEvent) => void>>;

export interface FileDrop {
  /** Files are held over the place, and may be dropped there. */
  readonly dropping: Readonly<Ref<boolean>>;
  /** For the place's `v-on`. */
  readonly dropHandlers: Handlers;
}

/** Files dropped on a place. Words and links go where they are dropped, as ever. */
export function useFileDrop(drop: (files: File[]) => unknown, allowed: () => boolean): FileDrop {
  const dropping = ref(false);
  /** Entering a child comes before leaving its parent. */
  let depth = 0;

  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;

  function count(event: DragEvent, by: number): void {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth + by);
    dropping.value = depth > 0 && allowed();
  }

  return {
    dropping: readonly(dropping),
    dropHandlers: {
      dragenter: (event) => count(event, 1),
      dragleave: (event) => count(event, -1),
      dragover(event) {
        // Otherwise the browser would leave the console to show the file.
        if (hasFiles(event)) event.preventDefault();
      },
      drop(event) {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth = 0;
        dropping.value = false;
        const files = [...(event.dataTransfer?.files ?? [])];
        if (allowed() && files.length > 0) drop(files);
      },
    },
  };
}
