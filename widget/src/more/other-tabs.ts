import type { Kept, Store } from '../loader/store.ts';

export interface OtherTabsDeps {
  store: Pick<Store, 'get' | 'watch'>;
  /** Whose entries these are, by the site's id. */
  id: () => string;
  changed: (key: string, value: string) => void;
  /** The visitor was forgotten. */
  gone: () => void;
}

/** Says, entry by entry, what another tab of this site changed in what is kept. */
export function watchOtherTabs({ store, id, changed, gone }: OtherTabsDeps): {
  /** This tab changed it: what others change meanwhile is still told. */
  wrote(key: string, value: string): void;
  /** Another visitor's entries count from here. */
  begin(): void;
} {
  let seen: Kept | null = store.get(id());
  store.watch(() => {
    const before = seen;
    seen = store.get(id());
    if (before?.['visitor'] && !seen) return gone();
    for (const key of new Set([...Object.keys({ ...before }), ...Object.keys({ ...seen })])) {
      const value = seen?.[key] ?? '';
      if (value !== (before?.[key] ?? '')) changed(key, value);
    }
  });
  return {
    wrote(key, value) {
      seen = { ...seen, [key]: value };
    },
    begin() {
      seen = store.get(id());
    },
  };
}
