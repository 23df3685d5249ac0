import type { Identity } from '../../bridge/messages.ts';

/** What an earlier session left in the host page's storage. */
export interface KnownVisitor {
  visitorId: string;
  token: string;
}

/** One way to ask for a session. */
export type Credentials = { visitorId?: string; token?: string; hash?: string };

/**
 * The ways to ask for a session, best first; a refusal (401, 422) leads to the next. An id that the site names
 * without proof, and that belongs to somebody else's browser, ends in an anonymous visitor of our own: an unverified
 * chat is better than a dead one, and never shows the other's messages.
 */
export function credentialLadder({ id, hash }: Identity, known: KnownVisitor | null): Credentials[] {
  const own: Credentials[] = known && known.visitorId !== id ? [{ token: known.token }] : [];
  if (id === '') return [...own, {}];
  const named: Credentials[] = [];
  if (hash !== '') named.push({ visitorId: id, hash });
  if (known?.visitorId === id) named.push({ visitorId: id, token: known.token });
  // Without proof an id can only be had while it is new, so not by somebody who was once refused it.
  if (hash === '' && own.length === 0) named.push({ visitorId: id });
  return [...named, ...own, {}];
}

/** For a hidden frame, which makes nobody: only what proves something. */
export function proving(ladder: readonly Credentials[]): Credentials[] {
  return ladder.filter(({ token, hash }) => token !== undefined || hash !== undefined);
}
