const NUL = String.fromCharCode(0);

/** PostgreSQL stores every character but this one; nothing that has it can be found either. */
export function hasNul(text: string): boolean {
  return text.includes(NUL);
}

/** Length in characters as people count them: Unicode code points. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Half a surrogate pair is no text: JSON in the database refuses it. Replaced as every UTF-8 encoder does. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** What is only noted about somebody (a page, a referrer) is cut to what the column holds rather than refused. */
export function clipped(text: string, max: number): string {
  const clean = wellFormed(text.replaceAll(NUL, ''));
  return clean.length <= max ? clean : [...clean].slice(0, max).join('');
}
