import { DomainError } from '../../domain/errors.ts';
import { requireManager } from '../../domain/level-rules.ts';
import { decode } from '../decode.ts';
import { ok, type Endpoint } from './endpoint.ts';
import { widgetSettingsRequest } from './wire.ts';

/** `GET /settings/widget`. */
export const getWidgetSettings: Endpoint = {
  method: 'get',
  path: '/settings/widget',
  access: 'agent',
  async handle({ services }, agent) {
    requireManager(agent);
    const business = await services.businesses.byId(agent.businessId);
    if (business === null) throw new DomainError('unauthorized', 'This business is no longer there');
    return ok(business.widget);
  },
};

/** `PUT /settings/widget`. */
export const putWidgetSettings: Endpoint = {
  method: 'put',
  path: '/settings/widget',
  access: 'agent',
  async handle({ services }, agent, call) {
    requireManager(agent);
    return ok(await services.businesses.setWidget(agent, decode(widgetSettingsRequest, call.body)));
  },
};
