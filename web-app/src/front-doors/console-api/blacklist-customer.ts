import { conversationIdOf, type Endpoint } from './endpoint.ts';

/** `PUT /conversations/:id/blacklist`: its customer is not served any more, and what goes on ends. */
export const blacklistCustomer: Endpoint = {
  method: 'put',
  path: '/conversations/:id/blacklist',
  access: 'agent',
  async handle({ services }, agent, call) {
    const { customerId } = await services.conversations.byId(agent, conversationIdOf(call));
    await services.blacklist.add(agent, customerId);
    return { status: 204 };
  },
};

/** `DELETE /conversations/:id/blacklist`: its customer is served again. */
export const unblacklistCustomer: Endpoint = {
  method: 'delete',
  path: '/conversations/:id/blacklist',
  access: 'agent',
  async handle({ services }, agent, call) {
    const { customerId } = await services.conversations.byId(agent, conversationIdOf(call));
    await services.blacklist.remove(agent, customerId);
    return { status: 204 };
  },
};
