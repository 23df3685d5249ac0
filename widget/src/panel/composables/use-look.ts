import { onScopeDispose, ref, shallowRef, watch, watchEffect, type Ref } from 'vue';
import { chooseLocale, type Locale } from '../../bridge/locale.ts';
import { OWN_ACCENT } from '../../bridge/colour.ts';
import type { Look } from '../../bridge/messages.ts';

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

  const shown = () => {
    const dark = theme.value === 'dark' || (theme.value !== 'light' && systemDark.value);
    return dark ? 'dark' : 'light';
  };

  watchEffect(() => {
    document.documentElement.dataset['theme'] = shown();
    document.documentElement.lang = locale.value;
  });
  watch([accent, shown] as const, async ([colour, theme]) => {
    // What works other colours out is loaded only where a business has one.
    const own = colour === '' || colour.toLowerCase() === OWN_ACCENT;
    const tokens = own ? null : (await import('../styles/accent.ts')).accentTokens(colour, theme);
    if (colour !== accent() || theme !== shown()) return;
    const { style } = document.documentElement;
    style.cssText = '';
    for (const [token, value] of Object.entries(tokens ?? {})) style.setProperty(token, value);
  });

  return {
    locale,
    apply(look) {
      locale.value = chooseLocale(look.locale, navigator.languages);
      theme.value = look.theme;
    },
  };
}
