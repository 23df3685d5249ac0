const FIRST_MS = 500;
const LAST_MS = 10_000;

/**
 * How long to wait before the next attempt, in ms: doubling from half a second to ten, each a quarter shorter or longer
 * by chance, so that consoles that fell together do not come back together.
 *
 * @param failures how many attempts have failed in a row, from 1
 * @param chance a number in [0, 1)
 */
export function backoffMs(failures: number, chance: number): number {
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (0.75 + chance / 2));
}
