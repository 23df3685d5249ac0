/**
 * The host page's storage for one business: `kefu.<business>` for our own anonymous visitor, `kefu.<business>.<id>`
 * for one whom the site names. What is kept there is the panel's; the loader does not read it.
 * Nothing is written before `put`. Where storage is refused, memory serves for as long as this page lives.
 */
export interface Store {
  /** Null for a visitor who has never opened the chat here. */
  get(id: string): Kept | null;
  /** Changes one entry and leaves what other tabs wrote to the others; an empty value removes it. */
  put(id: string, key: string, value: string): void;
  remove(id: string): void;
  /** Calls back when another tab of this site changed something. */
  watch(changed: () => void): void;
}

export type Kept = Record<string, string>;

export function openStore(business: string): Store {
  const memory = new Map<string, string>();
  const keyOf = (id: string) => `kefu.${business}${id && `.${id}`}`;

  function get(id: string): Kept | null {
    try {
      const key = keyOf(id);
      return JSON.parse(memory.get(key) ?? localStorage.getItem(key) ?? 'null') as Kept | null;
    } catch {
      // Refused, or somebody else's text: as if nothing were there.
      return null;
    }
  }

  return {
    get,
    put(id, key, value) {
      const { [key]: _before, ...others } = get(id) ?? {};
      const text = JSON.stringify(value ? { ...others, [key]: value } : others);
      try {
        localStorage.setItem(keyOf(id), text);
        memory.clear();
      } catch {
        // Refused or full.
        memory.set(keyOf(id), text);
      }
    },
    remove(id) {
      try {
        localStorage.removeItem(keyOf(id));
      } catch {
        // Refused: then only memory has it.
        memory.clear();
      }
    },
    watch(changed) {
      addEventListener('storage', ({ key }) => {
        if (key?.startsWith(keyOf(''))) changed();
      });
    },
  };
}
