import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { seenBy } from './get-conversation.ts';

/** `POST /conversations/:id/close`: ends the open episode; closing a closed one changes nothing. */
export const closeConversation: Endpoint = {
  method: 'post',
  path: '/conversations/:id/close',
  access: 'either',
  async handle({ services }, who, call) {
    return ok(await seenBy(services, who, await services.conversations.close(who, conversationIdOf(call))));
  },
};
