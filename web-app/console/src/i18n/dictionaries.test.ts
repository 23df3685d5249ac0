// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { preferredLocale } from './i18n.ts';
import { zhCN } from './zh-CN.ts';

const sources = import.meta.glob<string>('../**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true });

function keysOf(dictionary: object): string[] {
  return Object.entries(dictionary).flatMap(([part, texts]) =>
    Object.keys(texts as object).map((key) => `${part}.${key}`),
  );
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
}

describe('the dictionaries', () => {
  it('have the same keys with the same placeholders, and no empty text', () => {
    expect(keysOf(en)).toEqual(keysOf(zhCN));
    for (const [part, texts] of Object.entries(zhCN)) {
      for (const [key, text] of Object.entries(texts)) {
        const english = Object.entries(en[part as keyof typeof en]).find(([name]) => name === key)?.[1] ?? '';
        expect(text.trim(), key).not.toBe('');
        expect(english.trim(), key).not.toBe('');
        expect(placeholders(english), key).toEqual(placeholders(text));
      }
    }
  });

  it('hold every text that the sources name', () => {
    const known = new Set(keysOf(zhCN));
    const named = Object.entries(sources)
      .filter(([path]) => !path.endsWith('.test.ts'))
      .flatMap(([path, source]) => [...source.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => [path, match[1] ?? '']));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(([, key]) => !known.has(key ?? ''))).toEqual([]);
  });

  it('hold no text that no source names', () => {
    const all = Object.values(sources).join('\n');
    const unused = keysOf(zhCN).filter((key) => {
      const [part = '', name = ''] = key.split('.');
      return (
        !all.includes(`'${key}'`) && !all.includes(`\`${part}.\${`) && !all.includes(`'${part}.' + `) && name !== ''
      );
    });
    expect(unused).toEqual([]);
  });
});

describe('preferredLocale', () => {
  it('takes the first language that there is, else Chinese', () => {
    expect(preferredLocale(['de-DE', 'en-GB', 'zh-TW'])).toBe('en');
    expect(preferredLocale(['zh-TW', 'en'])).toBe('zh-CN');
    expect(preferredLocale(['fr'])).toBe('zh-CN');
  });
});
