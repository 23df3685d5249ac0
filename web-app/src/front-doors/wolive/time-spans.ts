import { DomainError } from '../../domain/errors.ts';

interface Span {
  from: Date;
  to: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The document's words for a week and a month; the product's own pages send `7` and `1`. */
const DAYS: ReadonlyMap<string, number> = new Map([
  ['7', 7],
  ['week', 7],
  ['最近一周', 7],
  ['1', 31],
  ['month', 31],
  ['最近一个月', 31],
]);

/** The last week or month up to now. @throws DomainError `invalid` for other words */
export function spanBefore(now: Date, words: string): Span {
  const days = DAYS.get(words.trim());
  if (days === undefined) throw new DomainError('invalid', 'puttime is 7, week, 1 or month');
  return { from: new Date(now.getTime() - days * DAY_MS), to: new Date(now.getTime() + DAY_MS) };
}

/**
 * From `start` to the end of the day `end`, as clocks in that time zone show it. Dates, with or without a time of day.
 * @throws DomainError `invalid` for what is no date, and for an end before the start
 */
export function spanBetween(start: string, end: string, timeZone: string): Span {
  const from = instantOf(start, timeZone);
  const lastDay = instantOf(end.trim().slice(0, DATE_CHARACTERS), timeZone);
  const to = instantOf(nextDay(end), timeZone);
  if (lastDay < instantOf(start.trim().slice(0, DATE_CHARACTERS), timeZone)) {
    throw new DomainError('invalid', 'end is before start');
  }
  return { from, to };
}

const DATE_CHARACTERS = 'YYYY-MM-DD'.length;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?)?$/;

/**
 * The moment at which clocks in a zone show this: of two (an hour that comes twice in autumn) the earlier, of none (an
 * hour left out in spring) the one that the clocks before it would have shown so, which is when the gap is over.
 */
function instantOf(text: string, timeZone: string): Date {
  const utc = asUtc(text);
  const [before, after] = [offsetMs(utc - DAY_MS, timeZone), offsetMs(utc + DAY_MS, timeZone)];
  const [early, late] = [utc - before, utc - after];
  const isLate = offsetMs(early, timeZone) !== before && offsetMs(late, timeZone) === after;
  return new Date(isLate ? late : early);
}

/** What the text would be in UTC, in milliseconds. */
function asUtc(text: string): number {
  const match = DATE_TIME.exec(text.trim().replaceAll('/', '-'));
  if (match === null) throw new DomainError('invalid', 'start and end are dates, 2017-11-29');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    throw new DomainError('invalid', 'There is no such day');
  }
  return time;
}

function nextDay(text: string): string {
  const day = asUtc(text.trim().slice(0, DATE_CHARACTERS));
  return new Date(day + DAY_MS).toISOString().slice(0, DATE_CHARACTERS);
}

/** How far clocks in a zone are ahead of UTC at a moment. */
function offsetMs(instant: number, timeZone: string): number {
  const shown = new Date(instant).toLocaleString('sv-SE', { timeZone });
  return asUtc(shown) - Math.floor(instant / 1000) * 1000;
}
