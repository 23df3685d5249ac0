/** The languages that loader and panel speak. */
export type Locale = 'zh-CN' | 'en';

/**
 * The site's choice if it is one of ours, else the first of the visitor's languages that is, else English:
 * who reads neither is likelier to read that.
 */
export function chooseLocale(wanted: string, languages: readonly string[]): Locale {
  for (const language of [wanted, ...languages]) {
    if (/^zh\b/i.test(language)) return 'zh-CN';
    if (/^en\b/i.test(language)) return 'en';
  }
  return 'en';
}
