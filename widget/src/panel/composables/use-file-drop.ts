import { shallowRef, type ShallowRef } from 'vue';

export interface FileDrop {
  /** Files are held over the panel. */
  dropping: ShallowRef<boolean>;
  dropHandlers: Record<'onDragenter' | 'onDragover' | 'onDragleave' | 'onDrop', (event: DragEvent) => void>;
}

/** Files dropped on the panel. Words and links go where they are dropped, as ever. */
export function useFileDrop(drop: (files: File[]) => unknown, allowed: () => boolean): FileDrop {
  const dropping = shallowRef(false);
  /** Entering a child comes before leaving its parent. */
  let depth = 0;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  const count = (by: number) => {
    depth = Math.max(0, depth + by);
    dropping.value = depth > 0 && allowed();
  };

  return {
    dropping,
    dropHandlers: {
      onDragenter: (event) => hasFiles(event) && count(1),
      onDragleave: (event) => hasFiles(event) && count(-1),
      onDragover(event) {
        // Otherwise the browser would leave the panel to show the file.
        if (hasFiles(event)) event.preventDefault();
      },
      onDrop(event) {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth = 0;
        dropping.value = false;
        const files = Array.from(event.dataTransfer?.files ?? []);
        if (allowed() && files.length > 0) drop(files);
      },
    },
  };
}
