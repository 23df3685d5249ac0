import { isReachable } from '../../domain/agents/availability-rules.ts';
import type { Services } from '../../domain/services.ts';
import { decode } from '../decode.ts';
import { businessShownTo } from './business-shown-to.ts';
import type { Endpoint } from './endpoint.ts';
import { apiBusiness, apiRealtime } from './presenter.ts';
import { businessQuery, type ApiConfig } from './wire.ts';

const CACHE_SECONDS = 30;

/** `GET /config?business_id=`: what any browser may know of a business. */
export const getConfig: Endpoint = {
  method: 'get',
  path: '/config',
  access: 'public',
  async handle(deps, call) {
    const business = await businessShownTo(deps, call, decode(businessQuery, call.query).business_id);
    const { tabs, hasFaqs } = await deps.services.content.offered(business.id);
    const body: ApiConfig = {
      pusher: apiRealtime(deps, business),
      business: {
        ...apiBusiness(business),
        theme: { accent: business.widget.accent },
        state: business.state === 'open' ? 'open' : 'closed',
        online: await somebodyThere(deps.services, business.id),
        greeting: business.greeting,
        offlineText: business.offlineText,
        widget: business.widget,
        features: {
          audio: business.audioState === 'open',
          video: business.videoState === 'open',
          voice: business.voiceState === 'open',
        },
        tabs,
        hasFaqs,
      },
    };
    return { status: 200, body, headers: { 'Cache-Control': `public, max-age=${CACHE_SECONDS}` } };
  },
};

/** Whether an agent is at a console, and has not called themselves away. */
export async function somebodyThere(services: Services, businessId: number): Promise<boolean> {
  const agents = await services.agents.list(businessId);
  return agents.some(isReachable);
}
