import { DomainError } from '../domain/errors.ts';
import type { Business } from '../domain/model.ts';
import type { Services } from '../domain/services.ts';

/**
 * The business that a visitor names, before anything is written for them.
 * @throws DomainError `not_found`, `business_closed`
 */
export async function openBusiness(services: Services, slug: string): Promise<Business> {
  const business = await services.businesses.bySlug(slug);
  if (business === null) throw new DomainError('not_found', 'There is no such business');
  if (business.state === 'close') throw new DomainError('business_closed', 'This site takes no questions any more');
  return business;
}
