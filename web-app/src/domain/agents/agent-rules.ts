import { DomainError } from '../errors.ts';
import { isPicture } from '../picture-rules.ts';
import type { AgentProfile } from '../services.ts';
import { characters, hasNul, wellFormed } from '../text-rules.ts';
import type { AgentRows } from './agents-store.ts';

const NICKNAME_CHARACTERS = 64;
const PHONE_CHARACTERS = 40;
const EMAIL_CHARACTERS = 254;
const USER_NAME = /^[A-Za-z0-9]{1,16}$/;

/** @throws DomainError `invalid` */
export function checkUserName(userName: string): string {
  if (!USER_NAME.test(userName)) throw new DomainError('invalid', 'A user name has 1 to 16 letters and digits.');
  return userName;
}

/** A profile as it is stored; what is absent stays absent. @throws DomainError `invalid`, naming the part */
export function checkProfile(profile: Partial<AgentProfile>): AgentRows {
  const { userName, nickname, avatar, phone, email } = profile;
  if (avatar !== undefined && !isPicture(avatar)) {
    throw new DomainError('invalid', 'An avatar is the address of a picture: it begins with http://, https:// or /.');
  }
  return {
    user: {
      ...(nickname === undefined
        ? {}
        : { nickname: line('A nickname', nickname, { min: 1, max: NICKNAME_CHARACTERS }) }),
      ...(avatar === undefined ? {} : { avatar }),
    },
    agent: {
      ...(userName === undefined ? {} : { user_name: checkUserName(userName) }),
      ...(phone === undefined ? {} : { phone: line('A phone number', phone, { min: 0, max: PHONE_CHARACTERS }) }),
      ...(email === undefined ? {} : { email: line('An e-mail address', email, { min: 0, max: EMAIL_CHARACTERS }) }),
    },
  };
}

function line(name: string, given: string, { min, max }: { min: number; max: number }): string {
  const text = wellFormed(given.trim());
  const length = characters(text);
  if (hasNul(text) || length < min || length > max) {
    throw new DomainError('invalid', `${name} has ${min} to ${max} characters.`);
  }
  return text;
}
