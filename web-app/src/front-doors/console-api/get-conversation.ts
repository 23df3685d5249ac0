import type { Actor } from '../../domain/actor.ts';
import type { Conversation } from '../../domain/model.ts';
import type { Services } from '../../domain/services.ts';
import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { apiConversation } from './presenter.ts';
import { apiVisitorConversation } from './visitor-standing.ts';
import type { ApiConversation, ApiVisitorConversation } from './wire.ts';

/** `GET /conversations/:id`. */
export const getConversation: Endpoint = {
  method: 'get',
  path: '/conversations/:id',
  access: 'either',
  async handle({ services }, who, call) {
    return ok(await seenBy(services, who, await services.conversations.byId(who, conversationIdOf(call))));
  },
};

/** A conversation as each side is shown it. */
export async function seenBy(
  services: Services,
  who: Actor,
  conversation: Conversation,
): Promise<ApiConversation | ApiVisitorConversation> {
  switch (who.kind) {
    case 'agent':
      return apiConversation(services, await services.inbox.one(who, conversation.id));
    case 'visitor':
      return apiVisitorConversation(services, who, conversation);
    default:
      return who satisfies never;
  }
}
