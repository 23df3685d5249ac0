import { computed, type ComputedRef } from 'vue';
import type { Locale } from '../../bridge/locale.ts';
import { callWords, type CallWords } from './call-words.ts';
import { useWords } from './use-words.ts';

/** The words of calls in the language of all others. */
export function useCallWords(): ComputedRef<CallWords> {
  const { locale } = useWords();
  return computed(() => callWords[locale.value satisfies Locale]);
}
