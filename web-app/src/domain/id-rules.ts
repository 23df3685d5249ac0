/** Anything else is nobody's id, and would only make the database complain. */
export function isId(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
