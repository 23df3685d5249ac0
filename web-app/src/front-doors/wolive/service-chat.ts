import type { AgentActor, VisitorActor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Business, Conversation, Visitor } from '../../domain/model.ts';
import type { Services } from '../../domain/services.ts';
import { bodyOfMarkup } from '../../wolive-wire/legacy-markup.ts';
import { decode } from '../decode.ts';
import { visiterNamed } from './channel.ts';
import { ownOrigins, type LegacyCall } from './legacy-call.ts';
import { success } from './reply.ts';
import { chatsRow } from './rows.ts';
import { serviceChatRequest } from './wire.ts';

/** `/admin/set/chats`: an agent's message to a visitor of theirs. */
export const serviceChat: LegacyCall = {
  paths: ['/admin/set/chats'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services, config }, agent, request) {
    const input = decode(serviceChatRequest, request.fields);
    const { business, visitor, conversation } = await conversationNamed(services, agent, input);
    const { message } = await services.messages.send(agent, conversation.id, {
      clientId: input.client_id || null,
      body: bodyOfMarkup(input.content, ownOrigins(request, config)),
      page: null,
    });
    const parties = { visiterId: visitor.uid, serviceId: agent.userId, readUpTo: 0 };
    return success(chatsRow(message, parties, business, config.webUrl), 'success');
  },
};

/** The conversation of the visitor whom an agent's call names. @throws DomainError `not_found` */
export async function conversationNamed(
  services: Services,
  agent: AgentActor,
  named: { visiter_id: string; channel: string },
): Promise<{ business: Business; visitor: Visitor; conversation: Conversation }> {
  const business = await businessOf(services, agent);
  const visitor = await services.visitors.byUid(business.id, visiterNamed(named, business.slug));
  if (visitor === null) throw new DomainError('not_found', 'There is no such visitor');
  const actor: VisitorActor = { kind: 'visitor', businessId: business.id, userId: visitor.id };
  const now = await services.conversations.ofVisitor(actor);
  if (now === null) throw new DomainError('not_found', 'This visitor has not asked for anybody');
  return { business, visitor, conversation: now.conversation };
}

/** @throws DomainError `unauthorized` when the agent's business is gone */
export async function businessOf(services: Services, agent: AgentActor): Promise<Business> {
  const business = await services.businesses.byId(agent.businessId);
  if (business === null) throw new DomainError('unauthorized', 'This business is no longer there');
  return business;
}
