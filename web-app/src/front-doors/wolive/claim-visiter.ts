import { decode } from '../decode.ts';
import type { LegacyCall } from './legacy-call.ts';
import { success } from './reply.ts';
import { visiterRow } from './rows.ts';
import { conversationNamed } from './service-chat.ts';
import { claimRequest } from './wire.ts';

/** `/admin/set/get`: takes a waiting visitor; of all who try, one does. */
export const claimVisiter: LegacyCall = {
  paths: ['/admin/set/get'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { business, visitor, conversation } = await conversationNamed(
      services,
      agent,
      decode(claimRequest, request.fields),
    );
    await services.conversations.claim(agent, conversation.id);
    return success(visiterRow(visitor, business), 'success');
  },
};
