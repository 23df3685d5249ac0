/** One or two letters that stand for a name: the first sign of a Chinese name, the first letters of others. */
export function initialsOf(name: string): string {
  const signs = name
    .split(/[\s\-_./@]+/u)
    .map(firstSign)
    .filter(Boolean);
  const first = signs[0];
  if (first === undefined) return '?';
  if (/\p{Script=Han}/u.test(first)) return first;
  return (first + (signs.length > 1 ? (signs.at(-1) ?? '') : '')).toUpperCase();
}

/** Which of `count` colours a person has, the same everywhere. */
export function hueOf(seed: string, count: number): number {
  let sum = 0;
  for (const sign of seed) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % count;
}

function firstSign(word: string): string {
  return [...word].find((sign) => /[\p{L}\p{N}]/u.test(sign)) ?? '';
}

/** Only what can be an image of a person: an address of this or another site, never a script or a data URL. */
export function safeImageAddress(address: string): string | null {
  if (address === '') return null;
  return /^(https?:)?\/\//iu.test(address) || /^\/(?!\/)/u.test(address) ? address : null;
}
