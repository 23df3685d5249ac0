import { DomainError } from '../../domain/errors.ts';
import type { Business } from '../../domain/model.ts';
import { requireAllowedSite } from '../cross-origin.ts';
import type { Call, FrontDoorDeps } from '../front-door.ts';

/**
 * The business that a call names, closed or open, towards the site whose page calls.
 * @throws DomainError `not_found`; ForeignSite
 */
export async function businessShownTo(
  { services, config }: FrontDoorDeps,
  call: Call,
  slug: string,
): Promise<Business> {
  const business = await services.businesses.bySlug(slug);
  if (business === null) throw new DomainError('not_found', 'There is no such business');
  requireAllowedSite(call, config, business);
  return business;
}
