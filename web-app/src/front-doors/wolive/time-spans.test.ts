import { expect, test } from 'vitest';
import { DomainError } from '../../domain/errors.ts';
import { spanBefore, spanBetween } from './time-spans.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const hours = ({ from, to }: { from: Date; to: Date }) => (to.getTime() - from.getTime()) / 3_600_000;
const iso = ({ from, to }: { from: Date; to: Date }) => [from.toISOString(), to.toISOString()];

test.each([
  ['7', 7],
  ['week', 7],
  ['最近一周', 7],
  ['1', 31],
  ['month', 31],
  [' 最近一个月 ', 31],
])('L64: puttime %s begins %i days ago and takes in the present', (words, days) => {
  const now = new Date('2026-11-22T10:00:00Z');
  const { from, to } = spanBefore(now, words);
  expect(now.getTime() - from.getTime()).toBe(days * DAY_MS);
  expect(to.getTime()).toBeGreaterThan(now.getTime());
});

test.each(['', '0', '8', 'year', 'toString', '__proto__'])('L64: puttime %j is refused', (words) => {
  expect(() => spanBefore(new Date(), words)).toThrow(DomainError);
});

test('L65: whole days on the clocks of the zone, from the start of the first to the end of the last', () => {
  const day = ['2026-11-20T16:00:00.000Z', '2026-11-21T16:00:00.000Z'];
  expect(iso(spanBetween('2026-11-21', '2026-11-21', 'Asia/Shanghai'))).toEqual(day);
  expect(iso(spanBetween(' 2026/11/21 ', '2026/11/21 08:00:00', 'Asia/Shanghai'))).toEqual(day);
  expect(iso(spanBetween('2026-11-21 09:30', '2026-11-21', 'Asia/Shanghai'))[0]).toBe('2026-11-21T01:30:00.000Z');
  expect(iso(spanBetween('2026-11-21T09:30:15', '2026-11-21', 'UTC'))[0]).toBe('2026-11-21T09:30:15.000Z');
});

test('L65: a day on which clocks change has 23 or 25 hours', () => {
  expect(hours(spanBetween('2026-03-08', '2026-03-08', 'America/New_York'))).toBe(23);
  expect(hours(spanBetween('2026-11-01', '2026-11-01', 'America/New_York'))).toBe(25);
  expect(hours(spanBetween('2026-03-29', '2026-03-29', 'Europe/Berlin'))).toBe(23);
  expect(hours(spanBetween('2026-10-25', '2026-10-25', 'Europe/Berlin'))).toBe(25);
  expect(hours(spanBetween('2026-10-04', '2026-10-04', 'Australia/Lord_Howe'))).toBe(23.5);
});

test('L65: an hour that comes twice begins the first time; one that never comes is where the gap ends', () => {
  expect(iso(spanBetween('2026-11-01 01:30', '2026-11-01', 'America/New_York'))[0]).toBe('2026-11-01T05:30:00.000Z');
  expect(iso(spanBetween('2026-03-08 02:30', '2026-03-08', 'America/New_York'))[0]).toBe('2026-03-08T07:30:00.000Z');
  // In São Paulo clocks went from 24:00 to 1:00: that day has no midnight.
  const noMidnight = spanBetween('2018-11-04', '2018-11-04', 'America/Sao_Paulo');
  expect(iso(noMidnight)[0]).toBe('2018-11-04T03:00:00.000Z');
  expect(hours(noMidnight)).toBe(23);
  expect(iso(spanBetween('2018-11-03', '2018-11-03', 'America/Sao_Paulo'))[1]).toBe('2018-11-04T03:00:00.000Z');
  // In Havana they go from 1:00 back to 0:00: that day has two.
  expect(hours(spanBetween('2026-11-01', '2026-11-01', 'America/Havana'))).toBe(25);
});

test.each([
  ['2026-11-22', '2026-11-21'],
  ['2026-02-30', '2026-03-01'],
  ['2026-13-01', '2026-13-02'],
  ['2026-11-21 24:00', '2026-11-22'],
  ['2026-11-21 10:60', '2026-11-22'],
  ['yesterday', 'today'],
  ['', ''],
  ['1511940000', '1511940001'],
  ['0099-01-01', '0099-01-02'],
])('L65: from %j to %j is refused', (start, end) => {
  expect(() => spanBetween(start, end, 'Asia/Shanghai')).toThrow(DomainError);
});
