import { createHash, randomInt } from 'node:crypto';
import type { MessageContent } from '../model.ts';
import { characters, clipped } from '../text-rules.ts';
import { DomainError } from '../errors.ts';

/** Without letters and digits that look alike: the code is typed by hand. */
const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;
/** How long a code waits for the agent to write it to the official account. */
export const CODE_LIFETIME_S = 600;

const PREVIEW_CHARACTERS = 20;
/** What a business that encrypts lets out of its words. */
const SEALED_PREVIEW = '[新消息]';

export function makeBindCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
}

/** As somebody types it: in whatever case, with spaces around it. Null for what can be no code. */
export function bindCodeIn(text: string): string | null {
  const code = text.trim().toUpperCase();
  return code.length === CODE_LENGTH && [...code].every((letter) => CODE_LETTERS.includes(letter)) ? code : null;
}

export function bindCodeHash(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}

/** What WeChat calls a follower of an official account. @throws DomainError `invalid` */
export function checkOpenId(given: string): string {
  const openId = given.trim();
  if (!/^[A-Za-z0-9_-]{6,128}$/.test(openId)) {
    throw new DomainError('invalid', 'open_id is 6 to 128 letters, digits, dashes and underscores');
  }
  return openId;
}

/** The beginning of what was said, for a telephone's lock screen. */
export function previewOf(message: MessageContent, isEncrypted: boolean): string {
  if (isEncrypted) return SEALED_PREVIEW;
  switch (message.type) {
    case 'text': {
      const words = message.content.text.replaceAll(/\s+/g, ' ').trim();
      return characters(words) > PREVIEW_CHARACTERS ? `${clipped(words, PREVIEW_CHARACTERS)}…` : words;
    }
    case 'image':
      return '[图片]';
    case 'file':
      return '[文件]';
    case 'voice':
      return '[语音]';
    case 'card':
      return '[商品]';
    case 'call':
      return '[通话]';
    case 'system':
      return SEALED_PREVIEW;
    default:
      return message satisfies never;
  }
}

const FIRST_RETRY_S = 5;
const LONGEST_RETRY_S = 300;
/** About half an hour: whoever was written to then has found out by other means. */
const MOST_ATTEMPTS = 12;

/** How long until the next attempt, after so many; null: it is given up. */
export function retryAfterS(attempts: number): number | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  return Math.min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** Math.max(0, attempts - 1));
}
