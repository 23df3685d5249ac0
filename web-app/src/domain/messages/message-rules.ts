import { DomainError } from '../errors.ts';
import type { ProductCard } from '../model.ts';
import type { NewBody, NewMessage } from '../services.ts';
import { characters, hasNul, wellFormed } from '../text-rules.ts';

export const TEXT_CHARACTERS = 10_000;
const CLIENT_ID_CHARACTERS = 100;

const CARD_CHARACTERS = 500;
const ADDRESS_CHARACTERS = 2048;
/** Ten minutes: no recorder of ours goes on for longer. */
const MAX_VOICE_MS = 600_000;

/**
 * What may be said: 1–10,000 characters that are not all blank. Line ends and spaces within stay as they were written.
 * Files are looked up where they are kept.
 * @throws DomainError `empty_message`, `too_long`, `invalid`
 */
export function checkMessage(message: NewMessage): NewMessage {
  const { clientId } = message;
  if (clientId !== null && (clientId === '' || hasNul(clientId) || characters(clientId) > CLIENT_ID_CHARACTERS)) {
    throw new DomainError('invalid', `A message's clientId has 1 to ${CLIENT_ID_CHARACTERS} characters.`);
  }
  return { ...message, body: checkBody(message.body) };
}

function checkBody(body: NewBody): NewBody {
  switch (body.type) {
    case 'text':
      return { type: 'text', content: { text: checkText(body.content.text) } };
    case 'card':
      return { type: 'card', content: checkCard(body.content) };
    case 'voice': {
      const { key, durationMs } = body.content;
      if (!Number.isFinite(durationMs) || durationMs < 0 || durationMs > MAX_VOICE_MS) {
        throw new DomainError('invalid', `A voice message lasts up to ${MAX_VOICE_MS} milliseconds.`);
      }
      return { type: 'voice', content: { key, durationMs: Math.round(durationMs) } };
    }
    case 'image':
    case 'file':
      return body;
    default:
      return body satisfies never;
  }
}

function checkText(given: string): string {
  const text = wellFormed(given);
  if (text.trim() === '') throw new DomainError('empty_message', 'The message is empty.');
  if (hasNul(text)) throw new DomainError('invalid', 'The message is no valid text.');
  if (characters(text) > TEXT_CHARACTERS) {
    throw new DomainError('too_long', `A message may have ${TEXT_CHARACTERS} characters.`);
  }
  return text;
}

/** A card is shown with a link, so its addresses are web addresses or nothing. */
function checkCard(card: ProductCard): ProductCard {
  const { pid, url, image, title, info, price } = card;
  const words = { pid, title, info, price };
  for (const [name, value] of Object.entries(words)) {
    if (hasNul(value) || characters(value) > CARD_CHARACTERS) {
      throw new DomainError('invalid', `A card's ${name} has up to ${CARD_CHARACTERS} characters.`);
    }
  }
  if (title.trim() === '') throw new DomainError('empty_message', 'A card has a title.');
  return {
    pid: wellFormed(pid),
    title: wellFormed(title),
    info: wellFormed(info),
    price: wellFormed(price),
    url: webAddress(url),
    image: webAddress(image),
  };
}

function webAddress(given: string): string {
  if (given === '') return '';
  const isWeb = URL.canParse(given) && ['http:', 'https:'].includes(new URL(given).protocol);
  if (!isWeb || given.length > ADDRESS_CHARACTERS || hasNul(given)) {
    throw new DomainError('invalid', "A card's addresses begin with http:// or https://.");
  }
  return given;
}
