import type { VisitorActor } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Agent, Business, Message, Visitor } from '../../domain/model.ts';
import type { NewMessage, Services, Standing } from '../../domain/services.ts';
import { bodyOfMarkup } from '../../wolive-wire/legacy-markup.ts';
import { decode } from '../decode.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import { shownBy, type KnownSpeakers } from './known-speakers.ts';
import { ownOrigins, type LegacyCall } from './legacy-call.ts';
import { success, type Reply } from './reply.ts';
import { chatsRow, publicServiceRow } from './rows.ts';
import { businessOpenToVisiters, pageOf, speakingVisiter } from './speaking-visiter.ts';
import { visiterChatRequest } from './wire.ts';

const CODE_FAILED = 3;

/**
 * `/admin/event/chats`: a visitor's message to the agent they believe to have; `service_id` 0 to whoever comes. Who is
 * known goes on as before, in one statement; who is not, or when something has changed, is looked up.
 */
export function visiterChat(speakers: KnownSpeakers): LegacyCall {
  return {
    paths: ['/admin/event/chats', '/admin/event/chat'],
    reads: false,
    access: 'visitor',
    failureCode: CODE_FAILED,
    async handle(deps, request) {
      const { services, auth, rateLimiter } = deps;
      const input = decode(visiterChatRequest, request.fields);
      const business = await businessOpenToVisiters(services, input.business_id);
      const said: Said = {
        business,
        serviceId: input.service_id,
        message: {
          clientId: input.client_id || null,
          body: bodyOfMarkup(input.content, ownOrigins(request, deps.config)),
          page: pageOf(input) || null,
        },
      };
      const shown = shownBy(auth, request, business, input);
      const before = shown && speakers.get(shown);
      if (shown !== null && before !== null) {
        rateLimiter.take('visitor-messages', before.actor.userId);
        const reply = await repliedAsBefore(deps, before, said);
        if (reply !== null) return reply;
        speakers.forget(shown);
      }
      const known = { nickname: '', avatar: '', passive: true };
      const { visitor } = await speakingVisiter(deps, request, business, input, known);
      if (before?.actor.userId !== visitor.id) rateLimiter.take('visitor-messages', visitor.id);
      const { reply, has } = await replied(deps, visitor, said);
      if (shown !== null) speakers.remember(shown, { ...shown, ...has, uid: visitor.uid });
      return reply;
    },
  };
}

/** What a visitor says to the agent whom they believe to have. */
export interface Said {
  business: Business;
  serviceId: number;
  message: NewMessage;
}

/**
 * Stores what a visitor says and answers as `event/chats` does.
 * @throws DomainError `not_found` before the first `notice`, and what `messages.send` throws
 */
export async function saidTo(deps: FrontDoorDeps, visitor: Visitor, said: Said): Promise<Reply> {
  deps.rateLimiter.take('visitor-messages', visitor.id);
  return (await replied(deps, visitor, said)).reply;
}

/** Null when something is not as it was before. */
async function repliedAsBefore(
  { services, config }: FrontDoorDeps,
  before: Standing,
  { business, serviceId, message }: Said,
): Promise<Reply | null> {
  if (isOther(serviceId, before.agentId)) return null;
  const stored = await services.messages.sendAsBefore(before, message);
  return stored && success(chatsRow(stored, partiesOf(before), business, config.webUrl), 'success');
}

async function replied(
  { services, config }: FrontDoorDeps,
  visitor: Visitor,
  { business, serviceId, message }: Said,
): Promise<{ reply: Reply; has: Pick<Standing, 'actor' | 'conversationId' | 'agentId'> }> {
  const actor: VisitorActor = { kind: 'visitor', businessId: business.id, userId: visitor.id };
  const now = await services.conversations.ofVisitor(actor);
  if (now === null) throw new DomainError('not_found', 'notice comes first');
  const { agent, conversation } = now;
  const has = { actor, conversationId: conversation.id, agentId: agent?.id ?? null };
  if (agent !== null && isOther(serviceId, agent.id)) return { has, reply: staleReply(agent, business) };
  const stored = await sentUnlessBlacklisted(services, actor, conversation.id, message);
  const row = stored && chatsRow(stored, partiesOf({ ...has, uid: visitor.uid }), business, config.webUrl);
  return { has, reply: success(row, 'success') };
}

function partiesOf({ uid, agentId }: Pick<Standing, 'uid' | 'agentId'>) {
  return { visiterId: uid, serviceId: agentId ?? 0, readUpTo: 0 };
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

/** Whether the visitor writes to another agent than the one they have. */
function isOther(serviceId: number, presentId: number | null): boolean {
  return presentId !== null && serviceId !== 0 && serviceId !== presentId;
}

function staleReply(agent: Agent, business: Business): Reply {
  return { code: CODE_FAILED, msg: '客服已更换，请重新发送', data: publicServiceRow(agent, business) };
}
