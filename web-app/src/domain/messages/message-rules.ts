import { DomainError } from '../errors.ts';
import type { NewMessage } from '../services.ts';
import { characters, hasNul, wellFormed } from '../text-rules.ts';

export const TEXT_CHARACTERS = 10_000;
const CLIENT_ID_CHARACTERS = 100;

/**
 * What may be said: 1–10,000 characters that are not all blank. Line ends and spaces within stay as they were written.
 * @throws DomainError `empty_message`, `too_long`, `invalid`
 */
export function checkMessage(message: NewMessage): NewMessage {
  const { clientId } = message;
  if (clientId !== null && (clientId === '' || hasNul(clientId) || characters(clientId) > CLIENT_ID_CHARACTERS)) {
    throw new DomainError('invalid', `A message's clientId has 1 to ${CLIENT_ID_CHARACTERS} characters.`);
  }
  const text = wellFormed(message.body.content.text);
  if (text.trim() === '') throw new DomainError('empty_message', 'The message is empty.');
  if (hasNul(text)) throw new DomainError('invalid', 'The message is no valid text.');
  if (characters(text) > TEXT_CHARACTERS) {
    throw new DomainError('too_long', `A message may have ${TEXT_CHARACTERS} characters.`);
  }
  return { ...message, body: { type: 'text', content: { text } } };
}
