import { computed, inject, provide, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import type { Locale } from '../../bridge/locale.ts';
import type { Dictionary } from './dictionary.ts';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

export interface Words {
  t: ComputedRef<Dictionary>;
  /** 14:05 or 2:05 PM. */
  time: (at: Date) => string;
  /** Today, yesterday, or the date. */
  day: (day: Date) => string;
  /** For a tooltip. */
  full: (at: Date) => string;
}

const key: InjectionKey<Words> = Symbol('words');
const dictionaries: Record<Locale, Dictionary> = { 'zh-CN': zhCn, en };

/** Gives all components below the words of `locale`. */
export function provideWords(locale: Ref<Locale>): Words {
  const t = computed(() => dictionaries[locale.value]);
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = computed(() => new Intl.DateTimeFormat(locale.value, options));
    return (at: Date) => formatter.value.format(at);
  };
  const date = format({ month: 'long', day: 'numeric', weekday: 'short' });
  const oldDate = format({ year: 'numeric', month: 'long', day: 'numeric' });
  const words: Words = {
    t,
    time: format({ hour: 'numeric', minute: '2-digit' }),
    full: format({ dateStyle: 'long', timeStyle: 'medium' }),
    day(day) {
      const now = new Date();
      if (isSameDay(day, now)) return t.value.today;
      if (isSameDay(day, new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return t.value.yesterday;
      return day.getFullYear() === now.getFullYear() ? date(day) : oldDate(day);
    },
  };
  provide(key, words);
  return words;
}

export function useWords(): Words {
  const words = inject(key);
  if (!words) throw new Error('provideWords was not called above this component');
  return words;
}

function isSameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}
