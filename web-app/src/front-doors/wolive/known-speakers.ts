import type { Business } from '../../domain/model.ts';
import type { Standing } from '../../domain/services.ts';
import { tokenHash } from '../../domain/users/tokens.ts';
import type { FrontDoorAuth } from '../front-door.ts';
import { visiterNamed } from './channel.ts';
import type { LegacyRequest } from './legacy-call.ts';
import type { Speaker } from './speaking-visiter.ts';

/** How many are remembered; beyond it the memory starts again. */
const REMEMBERED = 10_000;

/** What a call shows of who speaks. */
export interface Shown extends Pick<Standing, 'proof' | 'tokenHash'> {
  /** As the call names them; a token alone may do. */
  named: string;
  businessId: number;
}

/**
 * Whom the same was shown for when it was last looked up, and what they had. A hint and no more: `sendAsBefore` checks
 * every part of it, so that no process need be told of what another has changed.
 */
export class KnownSpeakers {
  readonly #standings = new Map<string, Standing>();

  get(shown: Shown): Standing | null {
    return this.#standings.get(keyOf(shown)) ?? null;
  }

  remember(shown: Shown, standing: Standing): void {
    if (this.#standings.size >= REMEMBERED) this.#standings.clear();
    this.#standings.set(keyOf(shown), standing);
  }

  forget(shown: Shown): void {
    this.#standings.delete(keyOf(shown));
  }
}

function keyOf({ businessId, proof, tokenHash: hash, named }: Shown): string {
  return `${businessId} ${proof} ${hash?.toString('base64') ?? ''} ${named}`;
}

/**
 * Null when it is nothing, a signature that does not fit, or more than one thing that has to be weighed: a signature
 * beside a token, or either missing where the business asks for signatures. @throws InvalidInput
 */
export function shownBy(
  auth: Pick<FrontDoorAuth, 'verifyIdentityHash'>,
  request: Pick<LegacyRequest, 'visitorToken'>,
  business: Business,
  speaker: Speaker,
): Shown | null {
  const named = visiterNamed(speaker, business.slug);
  const token = speaker.visitor_token || request.visitorToken;
  const of = { businessId: business.id, named };
  if (!speaker.hash && business.identityRequired) return null;
  if (token) return speaker.hash ? null : { ...of, proof: 'token', tokenHash: tokenHash(token) };
  if (named === '') return null;
  if (!speaker.hash) return { ...of, proof: 'none', tokenHash: null };
  const isSigned =
    business.identitySecret !== '' && auth.verifyIdentityHash(business.identitySecret, named, speaker.hash);
  return isSigned ? { ...of, proof: 'site', tokenHash: null } : null;
}
