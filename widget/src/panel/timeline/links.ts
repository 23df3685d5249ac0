/** A piece of a message: plain text, or a web address in it. */
export type Piece = { text: string; href: string | null };

/** An address ends at white space, quotes, angle brackets and full-width punctuation, which Chinese sets without a space. */
const ADDRESS = /https?:\/\/[^\s<>"'\u3000-\u303f\uff00-\uffef\u2018-\u201f]+/gi;
/** Belongs to the sentence rather than to the address. */
const TRAILING = /[.,;:!?)\]}*]+$/;

/** Splits a text so that its addresses can be clicked; the text itself stays what it was. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '');
    if (!isAddress(address)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: address, href: address });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

function isAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    // Looks like one and is none.
    return false;
  }
}
