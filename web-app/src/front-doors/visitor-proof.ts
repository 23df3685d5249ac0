import { DomainError } from '../domain/errors.ts';
import type { Business } from '../domain/model.ts';
import type { ArrivingVisitor, Services } from '../domain/services.ts';
import type { FrontDoorAuth } from './front-door.ts';
import type { RateLimiter } from './rate-limits.ts';

/** What a call brings to show that it speaks for `uid`; absent fields are undefined. */
export interface Credentials {
  uid: string | undefined;
  token: string | undefined;
  hash: string | undefined;
}

/** Who a visitor's call is for, and what proves it. */
export type ProvedVisitor = Pick<ArrivingVisitor, 'uid' | 'proof'>;

/**
 * Weighs a visitor's credentials. A token or hash that is given and wrong is refused, never ignored.
 * A token alone names its visitor.
 * @throws DomainError `unauthorized`
 */
export async function proveVisitor(
  services: Services,
  auth: FrontDoorAuth,
  business: Business,
  { uid, token, hash }: Credentials,
): Promise<ProvedVisitor> {
  if (hash && !isSigned(auth, business, uid, hash)) {
    throw new DomainError('unauthorized', 'The hash does not fit this visitor id');
  }
  if (token) {
    const bearer = await services.visitors.byToken(token);
    if (bearer === null || bearer.businessId !== business.id || (uid && bearer.uid !== uid)) {
      throw new DomainError('unauthorized', 'This visitor token is not valid for this visitor');
    }
    return { uid: bearer.uid, proof: hash ? 'site' : 'token' };
  }
  return { uid: uid ? uid : null, proof: hash ? 'site' : 'none' };
}

function isSigned(auth: FrontDoorAuth, business: Business, uid: string | undefined, hash: string): boolean {
  const { identitySecret } = business;
  return Boolean(uid) && identitySecret !== '' && auth.verifyIdentityHash(identitySecret, uid ?? '', hash);
}

/**
 * Counts a beginning of this visitor's, before anything of it is stored. Who only says to be somebody is counted apart
 * from who proves it, so that nobody uses up what is another's. Who is new has no id yet: their address is counted.
 * @throws RateLimited
 */
export function countBeginning(rateLimiter: RateLimiter, business: Business, { uid, proof }: ProvedVisitor): void {
  if (uid !== null) rateLimiter.take('visitor-sessions', `${business.id} ${proof} ${uid}`);
}
