import { randomBytes } from 'node:crypto';
import { DomainError } from '../errors.ts';
import { hasNul } from '../text-rules.ts';

/** `visiter_id` and `business_id` together: the channel name must fit into Pusher's 200 characters (spec wolive). */
const UID_AND_SLUG_BYTES = 89;

const WIDGET_ID = /^w-[0-9a-f]{32}$/;

/** An id of the widget's own: nobody can guess it, and it is never anybody's without its token. */
export function makeWidgetId(): string {
  return `w-${randomBytes(16).toString('hex')}`;
}

export function isWidgetId(uid: string): boolean {
  return WIDGET_ID.test(uid);
}

/** @throws DomainError `invalid` */
export function checkVisitorId(uid: string, slug: string): void {
  if (uid === '') throw new DomainError('invalid', 'The visitor id is empty.');
  if (hasNul(uid) || /\p{Surrogate}/u.test(uid)) throw new DomainError('invalid', 'The visitor id is no valid text.');
  if (Buffer.byteLength(uid) + Buffer.byteLength(slug) > UID_AND_SLUG_BYTES) {
    throw new DomainError(
      'invalid',
      `The visitor id and the business id may have ${UID_AND_SLUG_BYTES} bytes of UTF-8 together.`,
    );
  }
}

/** WoLive's channel name without prefix: hexadecimal of the UTF-8 of `uid/slug`. */
export function visitorChannel(uid: string, slug: string): string {
  return Buffer.from(`${uid}/${slug}`, 'utf8').toString('hex');
}
