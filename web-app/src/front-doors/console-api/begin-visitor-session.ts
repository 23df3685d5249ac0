import type { Business } from '../../domain/model.ts';
import type { Arrival } from '../../domain/services.ts';
import { requireAllowedSite } from '../cross-origin.ts';
import { decode } from '../decode.ts';
import type { Call, FrontDoorDeps } from '../front-door.ts';
import { openBusiness } from '../open-business.ts';
import { deviceOf } from '../visitor-device.ts';
import { countBeginning, proveVisitor } from '../visitor-proof.ts';
import { ok, type Endpoint } from './endpoint.ts';
import { apiRealtime } from './presenter.ts';
import { standingOf } from './visitor-standing.ts';
import { visitorSessionRequest, type ApiVisitorSession } from './wire.ts';

/** `POST /visitor-session`: a visitor arrives, and is given an agent or a place unless the call is passive. */
export const beginVisitorSession: Endpoint = {
  method: 'post',
  path: '/visitor-session',
  access: 'public',
  async handle(deps, call) {
    const request = decode(visitorSessionRequest, call.body);
    deps.rateLimiter.take('visitor-address', call.address);
    const business = await openBusiness(deps.services, request.businessId);
    requireAllowedSite(call, deps.config, business);
    const arrival = await arrive(deps, call, business, request);
    const standing = await standingOf(deps, business, arrival.visitor, request);
    const body: ApiVisitorSession = {
      visitorId: arrival.visitor.uid,
      userId: arrival.visitor.id,
      name: arrival.visitor.nickname,
      token: arrival.token,
      ...standing,
      offlineText: business.offlineText,
      pusher: apiRealtime(deps, business),
    };
    return ok(body);
  },
};

async function arrive(
  deps: FrontDoorDeps,
  call: Call,
  business: Business,
  request: ReturnType<typeof visitorSessionRequest.parse>,
): Promise<Arrival> {
  const { visitorId, token, hash } = request;
  const proved = await proveVisitor(deps.services, deps.auth, business, { uid: visitorId, token, hash });
  countBeginning(deps.rateLimiter, business, proved);
  return deps.services.visitors.arrive(business, {
    ...proved,
    nickname: request.name ?? null,
    avatar: request.avatar ?? null,
    email: request.email ?? null,
    phone: request.phone ?? null,
    page: request.page,
    referrer: request.referrer,
    ip: call.address,
    device: deviceOf(call.userAgent),
    locale: request.locale,
    passive: request.passive,
  });
}
