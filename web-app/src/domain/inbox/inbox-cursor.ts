import { DomainError } from '../errors.ts';
import { isId } from '../id-rules.ts';

/** Where a page of a list ended: the sort key of its last row, and the id that settles ties. */
export interface InboxCursor {
  /** As the database writes it, in microseconds, since a `Date` has only milliseconds. */
  at: string;
  id: number;
}

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

/** base64url of `time id`: opaque to callers. */
export function encodeCursor({ at, id }: InboxCursor): string {
  return Buffer.from(`${at} ${id}`, 'utf8').toString('base64url');
}

/** @throws DomainError `invalid` for what this list never gave */
export function decodeCursor(text: string): InboxCursor {
  const [at = '', digits = '', ...rest] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  const id = Number(digits);
  if (!TIMESTAMP.test(at) || Number.isNaN(Date.parse(at)) || !isId(id) || rest.length > 0) {
    throw new DomainError('invalid', 'The cursor is not one of this list.');
  }
  return { at, id };
}
