import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { DomainError } from '../domain/errors.ts';

/** The token that the session's owner sends back with everything that changes something. @throws DomainError `unauthorized` */
export function csrfTokenOf(req: Request): string {
  const token = req.session.csrfToken;
  if (token === undefined) throw new DomainError('unauthorized', 'Nobody is signed in.');
  return token;
}

/** @throws DomainError `forbidden` when the header `X-CSRF-Token` is not the session's, or the Origin is foreign */
export function requireCsrf(req: Request, webUrl: string): void {
  requireOwnOrigin(req, webUrl);
  const given = Buffer.from(req.get('x-csrf-token') ?? '');
  const expected = Buffer.from(req.session.csrfToken ?? '');
  if (expected.length === 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new DomainError('forbidden', 'The header X-CSRF-Token is missing or wrong.');
  }
}

/**
 * A browser names the page's origin with every request that could do harm. Ours are the public address, and the host
 * that this very request was sent to (a site that asks across cannot change that header).
 * @throws DomainError `forbidden`
 */
export function requireOwnOrigin(req: Request, webUrl: string): void {
  const origin = req.get('origin');
  if (origin === undefined) return;
  const isOwn = URL.canParse(origin) && (origin === new URL(webUrl).origin || new URL(origin).host === req.get('host'));
  if (!isOwn) throw new DomainError('forbidden', 'This call was made from another site.');
}
