/** `zh-CN` as its reader would say it; null for what is no language. */
export function languageName(tag: string, locale: string): string | null {
  try {
    const name = new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' }).of(tag);
    return name === undefined ? null : name;
  } catch (error) {
    // What a browser sends is not always a tag.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
