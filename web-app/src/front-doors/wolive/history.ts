import type { Actor, VisitorActor } from '../../domain/actor.ts';
import type { Business, Conversation, Visitor } from '../../domain/model.ts';
import type { SaidMessage, Services } from '../../domain/services.ts';
import { decode } from '../decode.ts';
import type { LegacyCall } from './legacy-call.ts';
import { success } from './reply.ts';
import { chatsRow } from './rows.ts';
import { conversationNamed } from './service-chat.ts';
import { businessOpenToVisiters, speakingVisiter } from './speaking-visiter.ts';
import { spanBefore, spanBetween } from './time-spans.ts';
import { chatDataRequest, claimRequest, rangeRequest, viewsRequest } from './wire.ts';

const PAGE = 10;
/** What a history answers at most: the newest of the span. */
const MOST = 5000;

/** `/admin/event/chatdata`: ten messages before `hid`, or the newest ten. */
export const chatData: LegacyCall = {
  paths: ['/admin/event/chatdata'],
  reads: true,
  access: 'visitor',
  failureCode: 1,
  async handle(deps, request) {
    const { services, config } = deps;
    const input = decode(chatDataRequest, request.fields);
    const business = await businessOpenToVisiters(services, input.business_id);
    const known = { nickname: '', avatar: '', passive: true };
    const { visitor } = await speakingVisiter(deps, request, business, input, known);
    const actor: VisitorActor = { kind: 'visitor', businessId: business.id, userId: visitor.id };
    const now = await services.conversations.ofVisitor(actor);
    if (now === null) return success([]);
    const messages = await services.messages.before(actor, now.conversation.id, { messageId: input.hid, limit: PAGE });
    return success(
      await rowsOf(services, actor, { business, visitor, conversation: now.conversation }, messages, config.webUrl),
    );
  },
};

/** `/admin/set/getviews`: the last week or month. */
export const getViews: LegacyCall = {
  paths: ['/admin/set/getviews'],
  reads: true,
  access: 'agent',
  failureCode: 1,
  async handle({ services, config }, agent, request) {
    const input = decode(viewsRequest, request.fields);
    const parties = await conversationNamed(services, agent, input);
    const span = { ...spanBefore(new Date(), input.puttime), limit: MOST };
    const messages = await services.messages.between(agent, parties.conversation.id, span);
    return success(await rowsOf(services, agent, parties, messages, config.webUrl));
  },
};

/** `/admin/set/getdesignForViews`: from `start` to the end of the day `end`, in the business's time zone. */
export const getDesignForViews: LegacyCall = {
  paths: ['/admin/set/getdesignForViews'],
  reads: true,
  access: 'agent',
  failureCode: 1,
  async handle({ services, config }, agent, request) {
    const input = decode(rangeRequest, request.fields);
    const parties = await conversationNamed(services, agent, input);
    const span = { ...spanBetween(input.start, input.end, parties.business.timezone), limit: MOST };
    const messages = await services.messages.between(agent, parties.conversation.id, span);
    return success(await rowsOf(services, agent, parties, messages, config.webUrl));
  },
};

/** `/admin/set/getmessage`: how many messages of a visitor wait for this agent. */
export const getMessage: LegacyCall = {
  paths: ['/admin/set/getmessage'],
  reads: true,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { conversation } = await conversationNamed(services, agent, decode(claimRequest, request.fields));
    return success(await services.messages.unread(agent, conversation.id));
  },
};

/** `/admin/set/getwatch`: this agent has read everything that a visitor wrote. */
export const getWatch: LegacyCall = {
  paths: ['/admin/set/getwatch'],
  reads: false,
  access: 'agent',
  failureCode: 1,
  async handle({ services }, agent, request) {
    const { conversation } = await conversationNamed(services, agent, decode(claimRequest, request.fields));
    await services.messages.markRead(agent, conversation.id, conversation.lastSeq);
    return { code: 0, msg: 'success' };
  },
};

interface Parties {
  business: Business;
  visitor: Visitor;
  conversation: Conversation;
}

/** `wolive_chats` rows; a message is read when the other side's cursor has passed it. Notices are no chats. */
async function rowsOf(
  services: Services,
  actor: Actor,
  { business, visitor, conversation }: Parties,
  messages: readonly SaidMessage[],
  webUrl: string,
) {
  const customer: VisitorActor = { kind: 'visitor', businessId: business.id, userId: visitor.id };
  const [readByAgents, unreadByVisitor] = await Promise.all([
    services.messages.readByAgents(actor, conversation.id),
    services.messages.unread(customer, conversation.id),
  ]);
  const readByVisitor = conversation.lastSeq - unreadByVisitor;
  return messages
    .filter(({ type }) => type !== 'system')
    .map((message) => {
      const serviceId = (message.senderRole === 'agent' ? message.senderId : message.agentId) ?? 0;
      const readUpTo = message.senderRole === 'customer' ? readByAgents : readByVisitor;
      return chatsRow(message, { visiterId: visitor.uid, serviceId, readUpTo }, business, webUrl);
    });
}
