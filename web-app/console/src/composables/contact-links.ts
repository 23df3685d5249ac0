/** Addresses that open a mail or a call; what people typed as theirs can add nothing to them. */
export function mailLink(address: string): string {
  return `mailto:${encodeURIComponent(address).replaceAll('%40', '@')}`;
}

export function phoneLink(number: string): string {
  return `tel:${number.replaceAll(/[^+\d]/gu, '')}`;
}
