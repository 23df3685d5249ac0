import { computed, type ComputedRef } from 'vue';
import { laterWords, type LaterWords } from './later-words.ts';
import { useWords } from './use-words.ts';

/** In the language of all others; for components that are loaded when they are first shown. */
export function useLaterWords(): ComputedRef<LaterWords> {
  const { locale } = useWords();
  return computed(() => laterWords[locale.value]);
}
