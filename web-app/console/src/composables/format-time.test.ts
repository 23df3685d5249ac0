import { describe, expect, it } from 'vitest';
import { dayName, relativeTime, stopwatch, waitTone } from './format-time.ts';

/** Local times, since people read local times. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).toISOString();
const now = Date.parse(at(22, 14, 30));

describe('relativeTime', () => {
  it('goes from now over minutes, today, yesterday and this week to a date', () => {
    expect(relativeTime(at(22, 14, 30), now, 'en')).toEqual({ kind: 'now' });
    expect(relativeTime(at(22, 14, 5), now, 'en')).toEqual({ kind: 'minutes', minutes: 25 });
    expect(relativeTime(at(22, 9, 5), now, 'en')).toEqual({ kind: 'said', text: '09:05' });
    expect(relativeTime(at(21, 23, 59), now, 'en')).toEqual({ kind: 'yesterday' });
    expect(relativeTime(at(19, 8), now, 'en')).toEqual({ kind: 'said', text: 'Thu' });
    expect(relativeTime(at(2, 8), now, 'zh-CN')).toEqual({ kind: 'said', text: '11月2日' });
  });

  it('takes a clock that is ahead as now', () => {
    expect(relativeTime(at(22, 14, 31), now, 'en')).toEqual({ kind: 'now' });
  });
});

describe('dayName', () => {
  it('names today and yesterday, by the calendar', () => {
    expect(dayName(at(22, 0, 1), now, 'en')).toEqual({ kind: 'today' });
    expect(dayName(at(21, 23, 59), now, 'en')).toEqual({ kind: 'yesterday' });
    expect(dayName(at(20, 23, 59), now, 'zh-CN')).toEqual({ kind: 'said', text: '2026年11月20日星期五' });
  });
});

describe('a wait', () => {
  it('is told to the second', () => {
    expect([-5, 5_000, 750_000, 3_723_000].map(stopwatch)).toEqual(['0:00', '0:05', '12:30', '1:02:03']);
  });

  it('turns amber after one minute and red after three', () => {
    expect([60_000, 60_001, 180_000, 180_001].map(waitTone)).toEqual(['calm', 'long', 'long', 'too-long']);
  });
});
