import { watchEffect } from 'vue';
import { createI18n } from 'vue-i18n';
import { usePreference } from '../composables/use-preference.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type Locale = 'zh-CN' | 'en';
const LOCALES: readonly Locale[] = ['zh-CN', 'en'];

/** The language that the browser's user reads, among ours. */
export function preferredLocale(languages: readonly string[]): Locale {
  const first = languages.find((tag) => /^(zh|en)\b/i.test(tag));
  return first?.toLowerCase().startsWith('en') === true ? 'en' : 'zh-CN';
}

export const locale = usePreference<Locale>('locale', LOCALES, preferredLocale(navigator.languages));

export const i18n = createI18n<false>({
  legacy: false,
  locale: locale.value,
  fallbackLocale: 'en',
  messages: { 'zh-CN': zhCN, en },
});

/** Keeps texts and the document's language at the choice. */
export function followLocale(root: HTMLElement): void {
  watchEffect(() => {
    i18n.global.locale.value = locale.value;
    root.lang = locale.value;
  });
}
