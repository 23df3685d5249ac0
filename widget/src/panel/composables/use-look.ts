import { onScopeDispose, ref, shallowRef, watchEffect, type Ref } from 'vue';
import { chooseLocale, type Locale } from '../../bridge/locale.ts';
import type { Look } from '../../bridge/messages.ts';
import { accentTokens } from '../styles/accent.ts';

/**
 * The panel's language and theme, kept on the root element too.
 * @param accent the business's colour as `#rrggbb`; empty for ours
 */
export function useLook(accent: () => string): { locale: Ref<Locale>; apply: (look: Look) => void } {
  const locale = ref<Locale>(chooseLocale('', navigator.languages));
  const theme = shallowRef('auto');
  const darkScreen = window.matchMedia('(prefers-color-scheme: dark)');
  const systemDark = ref(darkScreen.matches);
  const changed = () => (systemDark.value = darkScreen.matches);
  darkScreen.addEventListener('change', changed);
  onScopeDispose(() => darkScreen.removeEventListener('change', changed));

  watchEffect(() => {
    const dark = theme.value === 'dark' || (theme.value !== 'light' && systemDark.value);
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
    document.documentElement.lang = locale.value;
    const { style } = document.documentElement;
    style.cssText = '';
    for (const [token, colour] of Object.entries(accentTokens(accent(), dark ? 'dark' : 'light') ?? {})) {
      style.setProperty(token, colour);
    }
  });

  return {
    locale,
    apply(look) {
      locale.value = chooseLocale(look.locale, navigator.languages);
      theme.value = look.theme;
    },
  };
}
