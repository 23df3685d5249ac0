const ADDRESS_CHARACTERS = 1024;

/** Where a browser may take a picture of somebody from: an address of the web, a path of this server, or nowhere. */
export function isPicture(given: string): boolean {
  if (given === '') return true;
  if (given.length > ADDRESS_CHARACTERS || /[\p{Cc}\p{Surrogate}\s]/u.test(given)) return false;
  return /^\/(?![/\\])/.test(given) || (/^https?:\/\//i.test(given) && URL.canParse(given));
}
