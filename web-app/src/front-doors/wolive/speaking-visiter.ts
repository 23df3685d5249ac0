import type { Business } from '../../domain/model.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Arrival, Services } from '../../domain/services.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import { openBusiness } from '../open-business.ts';
import { deviceOf } from '../visitor-device.ts';
import { countBeginning, proveVisitor } from '../visitor-proof.ts';
import { visiterNamed } from './channel.ts';
import type { LegacyRequest } from './legacy-call.ts';

/** What every visitor's call carries about who speaks. */
export interface Speaker {
  business_id: string;
  visiter_id: string;
  channel: string;
  visitor_token: string;
  hash: string;
  record: string;
  from_url: string;
}

/** An unknown business answers as a closed one. @throws DomainError `business_closed` */
export async function businessOpenToVisiters(services: Services, slug: string): Promise<Business> {
  try {
    return await openBusiness(services, slug);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
    throw new DomainError('business_closed', error.message, { cause: error });
  }
}

/**
 * The visitor who speaks, as the domain admits them. `passive` only finds.
 * @throws DomainError `unauthorized`, `token_required`, `not_found`, `invalid`, `rate_limited`
 */
export async function speakingVisiter(
  { services, auth, rateLimiter }: FrontDoorDeps,
  request: LegacyRequest,
  business: Business,
  speaker: Speaker,
  profile: { nickname: string; avatar: string; passive: boolean },
): Promise<Arrival> {
  const proved = await proveVisitor(services, auth, business, {
    uid: visiterNamed(speaker, business.slug),
    token: speaker.visitor_token || (request.visitorToken ?? ''),
    hash: speaker.hash,
  });
  if (!profile.passive) countBeginning(rateLimiter, business, proved);
  return services.visitors.arrive(business, {
    ...proved,
    nickname: profile.nickname || null,
    avatar: profile.avatar || null,
    email: null,
    phone: null,
    page: pageOf(speaker),
    referrer: '',
    ip: request.address,
    device: deviceOf(request.userAgent),
    locale: '',
    passive: profile.passive,
  });
}

export function pageOf(speaker: Pick<Speaker, 'record' | 'from_url'>): string {
  return speaker.record || speaker.from_url;
}
