import { z } from 'zod';
import { isReachable } from '../../domain/agents/availability-rules.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Business } from '../../domain/model.ts';
import type { Services } from '../../domain/services.ts';
import { requireAllowedSite } from '../cross-origin.ts';
import { decode } from '../decode.ts';
import type { Endpoint } from './endpoint.ts';
import { apiBusiness, apiRealtime } from './presenter.ts';
import type { ApiConfig } from './wire.ts';

const query = z.object({ business_id: z.string().min(1).max(64) });

const DEFAULT_ACCENT = '#2F6BFF';
const CACHE_SECONDS = 30;

/** `GET /config?business_id=`: what any browser may know of a business. */
export const getConfig: Endpoint = {
  method: 'get',
  path: '/config',
  access: 'public',
  async handle(deps, call) {
    const business = await businessNamed(deps.services, decode(query, call.query).business_id);
    requireAllowedSite(call, deps.config, business);
    const body: ApiConfig = {
      pusher: apiRealtime(deps, business),
      business: {
        ...apiBusiness(business),
        theme: { accent: DEFAULT_ACCENT },
        state: business.state === 'open' ? 'open' : 'closed',
        online: await somebodyThere(deps.services, business.id),
        greeting: business.greeting,
        offlineText: business.offlineText,
      },
    };
    return { status: 200, body, headers: { 'Cache-Control': `public, max-age=${CACHE_SECONDS}` } };
  },
};

/** @throws DomainError `not_found` */
async function businessNamed(services: Services, slug: string): Promise<Business> {
  const business = await services.businesses.bySlug(slug);
  if (business === null) throw new DomainError('not_found', 'There is no such business');
  return business;
}

/** Whether an agent is at a console, and has not called themselves away. */
export async function somebodyThere(services: Services, businessId: number): Promise<boolean> {
  const agents = await services.agents.list(businessId);
  return agents.some(isReachable);
}
