/** One digest over path, modification time and size of every source file below `sources`, relative to `root`. */
export function sourceDigest(root: string, sources: readonly string[]): string;
