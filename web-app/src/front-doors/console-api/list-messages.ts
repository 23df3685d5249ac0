import { decode } from '../decode.ts';
import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { apiMessages } from './presenter.ts';
import { messagesQuery, type ApiMessage, type ApiPage } from './wire.ts';

/** `GET /conversations/:id/messages?after_seq=|before_seq=&limit=`: ascending by `seq`. */
export const listMessages: Endpoint = {
  method: 'get',
  path: '/conversations/:id/messages',
  access: 'either',
  async handle({ services }, who, call) {
    const { after_seq, before_seq, limit } = decode(messagesQuery, call.query);
    const messages = await services.messages.list(who, conversationIdOf(call), {
      limit,
      ...(after_seq === undefined ? {} : { afterSeq: after_seq }),
      ...(before_seq === undefined ? {} : { beforeSeq: before_seq }),
    });
    const items = await apiMessages(services, who.businessId, messages);
    return ok({ items, next: null } satisfies ApiPage<ApiMessage>);
  },
};
