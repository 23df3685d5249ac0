import { decode } from '../decode.ts';
import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { deliveredRequest, type ApiDeliveredCursor } from './wire.ts';

/** `POST /conversations/:id/delivered {seq}`: how far the caller's devices have got the messages, never back. */
export const markDelivered: Endpoint = {
  method: 'post',
  path: '/conversations/:id/delivered',
  access: 'either',
  async handle({ services }, who, call) {
    const { seq } = decode(deliveredRequest, call.body);
    const deliveredSeq = await services.messages.markDelivered(who, conversationIdOf(call), seq);
    return ok({ deliveredSeq } satisfies ApiDeliveredCursor);
  },
};
