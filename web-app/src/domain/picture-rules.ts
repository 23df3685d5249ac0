const ADDRESS_CHARACTERS = 1024;

/**
 * Where a browser may take a picture of somebody from: an address of the web, a path of this server, or nowhere. Without
 * what would end an attribute: WoLive's pages put it into their markup as it is.
 */
export function isPicture(given: string): boolean {
  if (given === '') return true;
  if (given.length > ADDRESS_CHARACTERS || /[\p{Cc}\p{Surrogate}\s"'<>`]/u.test(given)) return false;
  return /^\/(?![/\\])/.test(given) || (/^https?:\/\//i.test(given) && URL.canParse(given));
}

/** The picture that a site names for its visitor, or null: whatever else it names is no reason to turn them away. */
export function pictureNamed(given: string | null): string | null {
  const address = given?.startsWith('//') === true ? `https:${given}` : given;
  return address !== null && isPicture(address) ? address : null;
}
