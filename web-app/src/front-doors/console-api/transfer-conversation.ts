import { decode } from '../decode.ts';
import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { seenBy } from './get-conversation.ts';
import { transferRequest } from './wire.ts';

/** `POST /conversations/:id/transfer {agentId}` or `{teamNumber}`. */
export const transferConversation: Endpoint = {
  method: 'post',
  path: '/conversations/:id/transfer',
  access: 'agent',
  async handle({ services }, agent, call) {
    const { agentId, teamNumber = 0 } = decode(transferRequest, call.body);
    const to = agentId === undefined ? { teamNumber } : { agentId };
    return ok(await seenBy(services, agent, await services.conversations.transfer(agent, conversationIdOf(call), to)));
  },
};
