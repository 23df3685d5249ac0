import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { seenBy } from './get-conversation.ts';

/** `POST /conversations/:id/reopen`: the agent takes up a closed conversation, or who waits. */
export const reopenConversation: Endpoint = {
  method: 'post',
  path: '/conversations/:id/reopen',
  access: 'agent',
  async handle({ services }, agent, call) {
    return ok(await seenBy(services, agent, await services.conversations.reopen(agent, conversationIdOf(call))));
  },
};
