import { shallowRef, type ShallowRef } from 'vue';

/** A short word at the edge of the screen. Errors stay until dismissed, the rest goes by itself. */
export interface Toast {
  id: number;
  kind: 'done' | 'error';
  text: string;
}

export interface Toasts {
  readonly list: Readonly<ShallowRef<readonly Toast[]>>;
  show(kind: Toast['kind'], text: string): void;
  dismiss(id: number): void;
}

const MOST = 3;

export function createToasts(): Toasts {
  const list = shallowRef<readonly Toast[]>([]);
  let lastId = 0;
  return {
    list,
    show(kind, text) {
      lastId += 1;
      const others = list.value.filter((toast) => toast.text !== text);
      list.value = [...others, { id: lastId, kind, text }].slice(-MOST);
    },
    dismiss(id) {
      list.value = list.value.filter((toast) => toast.id !== id);
    },
  };
}

/** One stack for the page. */
export const toasts = createToasts();
