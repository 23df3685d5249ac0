import { expect, it } from 'vitest';
import { chooseLocale } from './locale.ts';

it.each([
  ['zh-TW', ['en'], 'zh-CN'],
  ['en-GB', ['zh-CN'], 'en'],
  ['', ['fr', 'zh-HK', 'en'], 'zh-CN'],
  ['', ['fr'], 'en'],
  ['zhu', ['zha'], 'en'],
  ['', [], 'en'],
] as const)('of %j and %j speaks %s', (wanted, languages, locale) => {
  expect(chooseLocale(wanted, languages)).toBe(locale);
});
