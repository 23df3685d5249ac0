/**
 * How long to wait before attempt number `attempt` (0 = the first repeat): doubling from `first` up to `longest`
 * milliseconds, give or take a quarter so that the visitors of a restarted server do not all come at once.
 */
export function retryDelay(attempt: number, first: number, longest: number, random = Math.random): number {
  return Math.min(longest, first * 2 ** Math.min(attempt, 16)) * (0.75 + random() / 2);
}
