import { decode } from '../decode.ts';
import { ok, type Endpoint } from './endpoint.ts';
import { apiConversation } from './presenter.ts';
import { conversationsQuery, type ApiConversation, type ApiPage } from './wire.ts';

/** `GET /conversations?view=mine|queue|all&after=&limit=`. */
export const listConversations: Endpoint = {
  method: 'get',
  path: '/conversations',
  access: 'agent',
  async handle({ services }, agent, call) {
    const { view, after, limit } = decode(conversationsQuery, call.query);
    const { rows, next } = await services.inbox.list(agent, { view, cursor: after ?? null, limit });
    const items = await Promise.all(rows.map((row) => apiConversation(services, row)));
    return ok({ items, next } satisfies ApiPage<ApiConversation>);
  },
};
