import { DomainError } from '../../domain/errors.ts';
import type { LeaveMessage } from '../../domain/model.ts';
import { requireAllowedSite } from '../cross-origin.ts';
import { decode } from '../decode.ts';
import { openBusiness } from '../open-business.ts';
import { ok, type Endpoint } from './endpoint.ts';
import { leaveMessageRequest, leaveMessagesQuery, type ApiLeaveMessage, type ApiPage } from './wire.ts';

/** `POST /leave-messages`: 201 with its id. */
export const leaveMessage: Endpoint = {
  method: 'post',
  path: '/leave-messages',
  access: 'anybody',
  async handle({ services, config, rateLimiter }, visitor, call) {
    const { businessId: slug, ...left } = decode(leaveMessageRequest, call.body);
    const business = await openBusiness(services, slug);
    requireAllowedSite(call, config, business);
    if (visitor !== null && visitor.businessId !== business.id) {
      throw new DomainError('unauthorized', 'This visitor token is of another business');
    }
    rateLimiter.take('leave-messages', call.address);
    const { id } = await services.leaveMessages.leave(business.id, { ...left, userId: visitor?.userId ?? null });
    return { status: 201, body: { id } };
  },
};

/** `GET /leave-messages?after=&limit=`, the newest first. */
export const listLeaveMessages: Endpoint = {
  method: 'get',
  path: '/leave-messages',
  access: 'agent',
  async handle({ services }, agent, call) {
    const { after, limit } = decode(leaveMessagesQuery, call.query);
    const { items, next } = await services.leaveMessages.list(agent, { beforeId: after ?? null, limit });
    const page: ApiPage<ApiLeaveMessage> = {
      items: items.map(apiLeaveMessage),
      next: next === null ? null : String(next),
    };
    return ok(page);
  },
};

function apiLeaveMessage({ businessId: _, createdAt, ...left }: LeaveMessage): ApiLeaveMessage {
  return { ...left, createdAt: createdAt.toISOString() };
}
