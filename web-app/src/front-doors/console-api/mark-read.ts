import { decode } from '../decode.ts';
import { conversationIdOf, ok, type Endpoint } from './endpoint.ts';
import { readRequest, type ApiReadCursor } from './wire.ts';

/** `POST /conversations/:id/read {seq}`: moves the caller's own cursor, never back. */
export const markRead: Endpoint = {
  method: 'post',
  path: '/conversations/:id/read',
  access: 'either',
  async handle({ services }, who, call) {
    const { seq } = decode(readRequest, call.body);
    const readSeq = await services.messages.markRead(who, conversationIdOf(call), seq);
    return ok({ readSeq } satisfies ApiReadCursor);
  },
};
