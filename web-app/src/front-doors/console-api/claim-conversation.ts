import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { apiConversation } from './presenter.ts';

/** `POST /conversations/:id/claim`: of all who try, one gets it; the others get 409 `already_claimed`. */
export const claimConversation: Endpoint = {
  method: 'post',
  path: '/conversations/:id/claim',
  access: 'agent',
  async handle({ services }, agent, call) {
    const { id } = await services.conversations.claim(agent, conversationIdOf(call));
    return ok(await apiConversation(services, await services.inbox.one(agent, id)));
  },
};
