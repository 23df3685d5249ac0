/** Which row of a list the Tab key comes to, and where arrow keys lead; as functions on the rows' ids. */

/** The row last focused, else the selected one, else the first. Null for an empty list. */
export function currentRow(ids: readonly number[], focused: number | null, selected: number | null): number | null {
  if (focused !== null && ids.includes(focused)) return focused;
  if (selected !== null && ids.includes(selected)) return selected;
  return ids[0] ?? null;
}

/** Where a key leads from `current`; null when the key does not move. The ends hold. */
export function stepRow(ids: readonly number[], current: number | null, key: string): number | null {
  const index = current === null ? -1 : ids.indexOf(current);
  const last = ids.length - 1;
  switch (key) {
    case 'ArrowDown':
      return ids[Math.min(index + 1, last)] ?? null;
    case 'ArrowUp':
      return ids[Math.max(index - 1, 0)] ?? null;
    case 'Home':
      return ids[0] ?? null;
    case 'End':
      return ids[last] ?? null;
    default:
      return null;
  }
}
