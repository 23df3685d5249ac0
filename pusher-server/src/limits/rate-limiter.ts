/** Counts in windows of one second; state is three numbers, so that a connection can afford one. */
export interface RateWindow {
  startedAt: number;
  used: number;
}

const WINDOW_MS = 1_000;

/** A window that has not been used yet. */
export function rateWindow(): RateWindow {
  return { startedAt: 0, used: 0 };
}

/** Takes `count` of `perSecond` permits at the time `now` (ms); takes nothing and answers `false` when they do not fit. */
export function takePermits(window: RateWindow, count: number, perSecond: number, now: number): boolean {
  if (now - window.startedAt >= WINDOW_MS || now < window.startedAt) {
    window.startedAt = now;
    window.used = 0;
  }
  if (window.used + count > perSecond) return false;
  window.used += count;
  return true;
}
