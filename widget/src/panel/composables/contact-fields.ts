import type { PreChatField } from '../composables/use-business.ts';

/** The limits of the server. */
export const FIELD_LENGTHS: Record<PreChatField, number> = { name: 64, email: 254, phone: 32 };

/** Only what is certainly wrong is refused: people's addresses and numbers are odder than any pattern. */
export function isFilled(field: PreChatField, value: string): boolean {
  const text = value.trim();
  switch (field) {
    case 'name':
      return text !== '';
    case 'email':
      return /^[^\s@]+@[^\s@]+$/.test(text);
    case 'phone':
      return /^[+\d][\d\s()./-]{3,}$/.test(text) && text.replace(/\D/g, '').length >= 4;
    default:
      return field satisfies never;
  }
}
