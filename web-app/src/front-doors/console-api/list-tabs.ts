import { decode } from '../decode.ts';
import { businessShownTo } from './business-shown-to.ts';
import { ok, type Endpoint } from './endpoint.ts';
import { businessQuery, type ApiTab } from './wire.ts';

/** `GET /tabs?business_id=`. */
export const listTabs: Endpoint = {
  method: 'get',
  path: '/tabs',
  access: 'public',
  async handle(deps, call) {
    const business = await businessShownTo(deps, call, decode(businessQuery, call.query).business_id);
    const tabs = await deps.services.content.tabs(business.id);
    return ok({ items: tabs.map(({ id, title, contentHtml }): ApiTab => ({ id, title, contentHtml })) });
  },
};
