import { ok, type Endpoint } from './endpoint.ts';
import { apiColleague } from './presenter.ts';
import type { ApiColleague, ApiPage } from './wire.ts';

/** `GET /agents`: everybody of the business who answers visitors. */
export const listAgents: Endpoint = {
  method: 'get',
  path: '/agents',
  access: 'agent',
  async handle({ services }, agent) {
    const items = (await services.agents.list(agent.businessId)).map(apiColleague);
    return ok({ items, next: null } satisfies ApiPage<ApiColleague>);
  },
};
