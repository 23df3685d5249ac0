import { onScopeDispose, ref, shallowRef, watchEffect, type Ref } from 'vue';
import { chooseLocale, type Locale } from '../../bridge/locale.ts';
import type { Look } from '../../bridge/messages.ts';

/** The panel's language and theme, kept on the root element too. */
export function useLook(): { locale: Ref<Locale>; apply: (look: Look) => void } {
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
  });

  return {
    locale,
    apply(look) {
      locale.value = chooseLocale(look.locale, navigator.languages);
      theme.value = look.theme;
    },
  };
}
