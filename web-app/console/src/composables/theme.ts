import { computed, watchEffect } from 'vue';
import { useMediaQuery } from './use-media-query.ts';
import { usePreference } from './use-preference.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';
export const THEME_CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

/** One choice for the page; it is a property of the document, not of a component. */
export const themeChoice = usePreference<ThemeChoice>('theme', THEME_CHOICES, 'system');

/** Keeps `data-theme` of the document at the theme in force: the choice, else the system's. */
export function followTheme(root: HTMLElement): void {
  const systemIsDark = useMediaQuery('(prefers-color-scheme: dark)');
  const theme = computed(() =>
    themeChoice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : themeChoice.value,
  );
  watchEffect(() => {
    root.dataset['theme'] = theme.value;
  });
}
