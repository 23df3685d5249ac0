/** Files that this page sent, which it need not load to show them. */
export interface FilesInMemory {
  /** An address that shows a file from memory. */
  hold(file: Blob): string;
  /** The server calls the file at this address by this key. */
  name(address: string, key: string): void;
  addressOf(key: string): string | null;
  /** Nobody looks at it any more. */
  release(address: string): void;
  close(): void;
}

export function createFilesInMemory(): FilesInMemory {
  const held = new Set<string>();
  const named = new Map<string, string>();

  function release(address: string): void {
    if (held.delete(address)) URL.revokeObjectURL(address);
  }

  return {
    hold(file) {
      const address = URL.createObjectURL(file);
      held.add(address);
      return address;
    },
    name(address, key) {
      if (held.has(address)) named.set(key, address);
    },
    addressOf: (key) => named.get(key) ?? null,
    release,
    close() {
      for (const address of held) release(address);
      named.clear();
    },
  };
}
