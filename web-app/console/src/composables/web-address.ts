/** An address of the web, written out; null for every other scheme, and for what is no address. */
export function webAddress(text: string): string | null {
  return /^https?:\/\//iu.test(text) && URL.canParse(text) ? new URL(text).href : null;
}
