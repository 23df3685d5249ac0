import { DomainError } from '../../domain/errors.ts';
import { decode } from '../decode.ts';
import { conversationIdOf, type Endpoint } from './endpoint.ts';
import { apiMessages } from './presenter.ts';
import { sendMessageRequest } from './wire.ts';

/** `POST /conversations/:id/messages`: 201, or 200 with the stored one when its `clientId` was seen before. */
export const sendMessage: Endpoint = {
  method: 'post',
  path: '/conversations/:id/messages',
  access: 'either',
  async handle({ services, rateLimiter }, who, call) {
    const { clientId, page, ...body } = decode(sendMessageRequest, call.body);
    if (who.kind === 'visitor') rateLimiter.take('visitor-messages', who.userId);
    const { message, created } = await services.messages.send(who, conversationIdOf(call), {
      clientId,
      body,
      page: page ?? null,
    });
    const [stored] = await apiMessages(services, who.businessId, [message]);
    if (!stored) throw new DomainError('not_found', 'The message is gone');
    return { status: created ? 201 : 200, body: stored };
  },
};
