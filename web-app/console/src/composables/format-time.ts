/** Times as people read them. `locale` is a BCP 47 tag; all times are in the browser's zone. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Formatters are expensive to make and are kept, one for each locale and purpose. */
function formatter(locale: string, purpose: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${purpose}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}

export type RelativeTime =
  | { kind: 'now' }
  | { kind: 'minutes'; minutes: number }
  | { kind: 'yesterday' }
  /** Said by itself: a time of today, a weekday, a date. */
  | { kind: 'said'; text: string };

/** How long ago, in as few words as a list has room for. */
export function relativeTime(at: string, now: number, locale: string): RelativeTime {
  const date = new Date(at);
  const age = now - date.getTime();
  if (age < MINUTE) return { kind: 'now' };
  if (age < HOUR) return { kind: 'minutes', minutes: Math.floor(age / MINUTE) };
  const days = calendarDaysBetween(date, new Date(now));
  if (days === 0) return { kind: 'said', text: clockTime(at, locale) };
  if (days === 1) return { kind: 'yesterday' };
  if (days < 7) return { kind: 'said', text: formatter(locale, 'weekday', { weekday: 'short' }).format(date) };
  return { kind: 'said', text: formatter(locale, 'short date', { month: 'short', day: 'numeric' }).format(date) };
}

export type DayName = { kind: 'today' } | { kind: 'yesterday' } | { kind: 'said'; text: string };

export function dayName(at: string, now: number, locale: string): DayName {
  const date = new Date(at);
  const days = calendarDaysBetween(date, new Date(now));
  if (days === 0) return { kind: 'today' };
  if (days === 1) return { kind: 'yesterday' };
  const options = { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' } as const;
  return { kind: 'said', text: formatter(locale, 'long date', options).format(date) };
}

/** 14:05 */
export function clockTime(at: string, locale: string): string {
  return formatter(locale, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
}

/** 14:05:09.123, for what happens many times a second. */
export function preciseTime(at: string, locale: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 } as const;
  return formatter(locale, 'precise', { ...options, hourCycle: 'h23' }).format(new Date(at));
}

/** For tooltips: everything. */
export function exactTime(at: string, locale: string): string {
  return formatter(locale, 'exact', { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(at));
}

/** 0:05, 12:30, 1:02:03; nothing is less than zero, since clocks differ. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

export type WaitTone = 'calm' | 'long' | 'too-long';

/** How a wait is coloured: over one minute, over three. */
export function waitTone(ms: number): WaitTone {
  if (ms > 3 * MINUTE) return 'too-long';
  return ms > MINUTE ? 'long' : 'calm';
}

/** By the calendar, not by 24 hours; noon keeps summer time out of it. */
function calendarDaysBetween(earlier: Date, later: Date): number {
  const noon = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate(), 12).getTime();
  return Math.round((noon(later) - noon(earlier)) / (24 * HOUR));
}
