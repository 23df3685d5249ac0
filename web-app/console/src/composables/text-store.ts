/** Where what is typed survives a reload. */
export type TextStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** The browser's own store, or one in memory where the browser refuses it (private windows, full disks). */
export function openTextStore(open: () => Storage): TextStore {
  const kept = new Map<string, string>();
  const disk = tryTo(open, null);
  return {
    get length() {
      return disk?.length ?? kept.size;
    },
    key: (index) => (disk === null ? ([...kept.keys()][index] ?? null) : disk.key(index)),
    getItem: (key) => kept.get(key) ?? tryTo(() => disk?.getItem(key) ?? null, null),
    setItem(key, value) {
      kept.set(key, value);
      tryTo(() => disk?.setItem(key, value), undefined);
    },
    removeItem(key) {
      kept.delete(key);
      tryTo(() => disk?.removeItem(key), undefined);
    },
  };
}

/** Storage throws when it is full or forbidden; the copy in memory goes on then. */
function tryTo<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}
