import { computed, inject, provide, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import type { Locale } from '../../bridge/locale.ts';
import type { Dictionary } from './dictionary.ts';

export interface Words {
  t: ComputedRef<Dictionary>;
  locale: Ref<Locale>;
  /** 14:05 or 2:05 PM. */
  time: (at: Date) => string;
  /** Today, yesterday, or the date. */
  day: (day: Date) => string;
  /** For a tooltip. */
  full: (at: Date) => string;
}

const key: InjectionKey<Words> = Symbol('words');
const dictionaries: Record<Locale, () => Promise<Dictionary>> = {
  'zh-CN': async () => (await import('./zh-cn.ts')).zhCn,
  en: async () => (await import('./en.ts')).en,
};

/** The words of `locale`, loaded when they are needed; until then those before, at first null. */
export function useDictionary(locale: Ref<Locale>): Ref<Dictionary | null> {
  const dictionary = shallowRef<Dictionary | null>(null);
  watch(
    locale,
    async (wanted) => {
      const loaded = await dictionaries[wanted]();
      if (wanted === locale.value) dictionary.value = loaded;
    },
    { immediate: true },
  );
  return dictionary;
}

/** Gives all components below these words, and dates as `locale` writes them. They begin when there is a dictionary. */
export function provideWords(locale: Ref<Locale>, dictionary: Ref<Dictionary | null>): Words {
  const t = computed(() => {
    if (dictionary.value === null) throw new Error('the dictionary is not loaded yet');
    return dictionary.value;
  });
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = computed(() => new Intl.DateTimeFormat(locale.value, options));
    return (at: Date) => formatter.value.format(at);
  };
  const date = format({ month: 'long', day: 'numeric', weekday: 'short' });
  const oldDate = format({ year: 'numeric', month: 'long', day: 'numeric' });
  const words: Words = {
    t,
    locale,
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
