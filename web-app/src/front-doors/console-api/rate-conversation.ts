import { DomainError } from '../../domain/errors.ts';
import { decode } from '../decode.ts';
import { conversationIdOf, type Endpoint } from './endpoint.ts';
import { ratingRequest } from './wire.ts';

/** `POST /conversations/:id/rating {score, comment}`: the visitor's, of the latest episode. */
export const rateConversation: Endpoint = {
  method: 'post',
  path: '/conversations/:id/rating',
  access: 'either',
  async handle({ services }, who, call) {
    if (who.kind === 'agent') throw new DomainError('forbidden', 'A visitor rates');
    await services.ratings.give(who, conversationIdOf(call), decode(ratingRequest, call.body));
    return { status: 204 };
  },
};

/** `POST /conversations/:id/rating-request`: the agent asks for it. */
export const requestRating: Endpoint = {
  method: 'post',
  path: '/conversations/:id/rating-request',
  access: 'agent',
  async handle({ services }, agent, call) {
    await services.ratings.request(agent, conversationIdOf(call));
    return { status: 204 };
  },
};
