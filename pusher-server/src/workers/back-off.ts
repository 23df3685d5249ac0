/** How long to wait before something that ended is started again. */

const firstDelayMs = 100;
const longestDelayMs = 10_000;
/** What has run this long was well: its next end counts as the first. */
const wellAfterMs = 30_000;

/** The number of ends in a row without a good run between them, this one included. */
export function countFailure(failuresBefore: number, ranForMs: number): number {
  return ranForMs >= wellAfterMs ? 1 : failuresBefore + 1;
}

/** Milliseconds before the next start: 0.1 s after the first end, doubling, 10 s at most. */
export function delayAfter(failures: number): number {
  return Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs);
}
