/** Whether an address holds `pattern`, in which each `*` stands for anything. */
export function isOnPage(pattern: string, address: string): boolean {
  let from = 0;
  for (const part of pattern.split('*')) {
    const at = address.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}
