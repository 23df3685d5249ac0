import type { VisitorActor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Agent, Business, Message, Visitor } from '../../domain/model.ts';
import type { NewBody, NewMessage, Services } from '../../domain/services.ts';
import { bodyOfMarkup } from '../../wolive-wire/legacy-markup.ts';
import { decode } from '../decode.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import { ownOrigins, type LegacyCall } from './legacy-call.ts';
import { success, type Reply } from './reply.ts';
import { chatsRow, publicServiceRow } from './rows.ts';
import { businessOpenToVisiters, pageOf, speakingVisiter } from './speaking-visiter.ts';
import { visiterChatRequest } from './wire.ts';

const CODE_FAILED = 3;

/** `/admin/event/chats`: a visitor's message to the agent they believe to have; `service_id` 0 to whoever comes. */
export const visiterChat: LegacyCall = {
  paths: ['/admin/event/chats', '/admin/event/chat'],
  reads: false,
  access: 'visitor',
  failureCode: CODE_FAILED,
  async handle(deps, request) {
    const { services } = deps;
    const input = decode(visiterChatRequest, request.fields);
    const business = await businessOpenToVisiters(services, input.business_id);
    const known = { nickname: '', avatar: '', passive: true };
    const { visitor } = await speakingVisiter(deps, request, business, input, known);
    const body = bodyOfMarkup(input.content, ownOrigins(request, deps.config));
    return saidTo(deps, { business, visitor, input, body });
  },
};

/** What a visitor says to the agent whom they believe to have. */
interface Said {
  business: Business;
  visitor: Visitor;
  input: { service_id: number; client_id: string; record: string; from_url: string };
  body: NewBody;
}

/**
 * Stores what a visitor says and answers as `event/chats` does.
 * @throws DomainError `not_found` before the first `notice`, and what `messages.send` throws
 */
export async function saidTo(deps: FrontDoorDeps, { business, visitor, input, body }: Said): Promise<Reply> {
  const { services, rateLimiter, config } = deps;
  rateLimiter.take('visitor-messages', visitor.id);
  const actor: VisitorActor = { kind: 'visitor', businessId: business.id, userId: visitor.id };
  const now = await services.conversations.ofVisitor(actor);
  if (now === null) throw new DomainError('not_found', 'notice comes first');
  const other = otherAgent(input.service_id, now.agent);
  if (other !== null) return staleReply(other, business);
  const clientId = input.client_id || null;
  const page = pageOf(input) || null;
  const message = await sentUnlessBlacklisted(services, actor, now.conversation.id, { clientId, body, page });
  const parties = { visiterId: visitor.uid, serviceId: now.agent?.id ?? 0, readUpTo: 0 };
  return success(message && chatsRow(message, parties, business, config.webUrl), 'success');
}

/** Null: nothing was stored, and the visitor is not told so. */
async function sentUnlessBlacklisted(
  { messages }: Services,
  actor: VisitorActor,
  conversationId: number,
  message: NewMessage,
): Promise<Message | null> {
  try {
    return (await messages.send(actor, conversationId, message)).message;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'blacklisted') return null;
    throw error;
  }
}

/** The agent whom the visitor has now, when it is another than the one they write to. */
function otherAgent(serviceId: number, present: Agent | null): Agent | null {
  return present === null || serviceId === 0 || serviceId === present.id ? null : present;
}

function staleReply(agent: Agent, business: Business): Reply {
  return { code: CODE_FAILED, msg: '客服已更换，请重新发送', data: publicServiceRow(agent, business) };
}
