import { DomainError } from '../errors.ts';
import type { WrittenPage } from '../services.ts';
import { characters, hasNul, wellFormed } from '../text-rules.ts';

export const MAX_TABS = 10;
const PAGE_CHARACTERS = 20_000;

/** @throws DomainError `invalid`, naming the part */
export function checkedText(name: string, given: string, bounds: { min: number; max: number }): string {
  const text = wellFormed(given);
  const length = characters(text);
  if (hasNul(text) || length > bounds.max || (bounds.min > 0 && text.trim() === '')) {
    throw new DomainError('invalid', `${name} has ${bounds.min} to ${bounds.max} characters.`);
  }
  return text;
}

/** @throws DomainError `invalid` */
export function checkedPage(page: WrittenPage, names: { title: string; max: number }): WrittenPage {
  return {
    title: checkedText(names.title, page.title.trim(), { min: 1, max: names.max }),
    source: checkedText('The text', page.source, { min: 0, max: PAGE_CHARACTERS }),
    html: checkedText('The HTML', page.html, { min: 0, max: PAGE_CHARACTERS * 4 }),
  };
}
