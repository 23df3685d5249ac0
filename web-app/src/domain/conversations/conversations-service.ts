import type { Transaction } from '../../db/unit-of-work.ts';
import { greetingBy } from '../agents/availability-rules.ts';
import type { Roster } from '../agents/roster-service.ts';
import type { Actor } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { isId } from '../id-rules.ts';
import type { Drain } from '../queue/drain-service.ts';
import type { Lines } from '../queue/line-service.ts';
import type { Business } from '../model.ts';
import type { Businesses, Conversations } from '../services.ts';
import type { Admissions } from './admissions-service.ts';
import { maySee } from './conversation-rules.ts';
import type { ConversationRecord } from './conversation-record.ts';
import type { ConversationsStore } from './conversations-store.ts';
import type { Handling } from './handling-service.ts';

interface Deps {
  store: ConversationsStore;
  businesses: Businesses;
  roster: Roster;
  lines: Lines;
  drain: Drain;
  transaction: Transaction<{ admissions: Admissions; handling: Handling }>;
}

export function createConversations(deps: Deps): Conversations {
  const { store, businesses, roster, lines, drain, transaction } = deps;

  async function byId(actor: Actor, conversationId: number): Promise<ConversationRecord> {
    const conversation = isId(conversationId) ? await store.find(actor.businessId, conversationId) : null;
    if (conversation === null || !maySee(actor, conversation)) {
      throw new DomainError('not_found', 'There is no such conversation.');
    }
    return conversation;
  }

  async function businessOf(actor: Actor): Promise<Business> {
    const business = await businesses.byId(actor.businessId);
    if (business === null) throw new DomainError('not_found', 'There is no such business.');
    return business;
  }

  return {
    byId,

    admit: async (business, visitor, options) => {
      const admission = await transaction(({ admissions }) => admissions.admit(business, visitor, options));
      if (admission.kind !== 'waiting') return admission;
      // A place may have become free while we joined the line.
      await drain.drain(business.id);
      const conversation = await store.find(business.id, admission.conversation.id);
      if (conversation === null) return admission;
      const agent = conversation.agentId === null ? null : await roster.find(business.id, conversation.agentId);
      if (agent !== null) return { kind: 'assigned', conversation, agent, greeting: greetingBy(agent, business) };
      return { ...admission, conversation, ...(await lines.placeOf(conversation.id)) };
    },

    ofVisitor: async (actor) => {
      const conversation = await store.ofCustomer(actor.businessId, actor.userId);
      if (conversation === null) return null;
      const { agentId, businessId } = conversation;
      const agent = agentId === null ? null : await roster.find(businessId, agentId);
      const standing = await lines.placeOf(conversation.id);
      return { conversation, agent, place: standing?.place ?? 0 };
    },

    ofVisitors: (actor, visitorIds) => store.ofCustomers(actor.businessId, visitorIds),

    estimateOf: async (actor, conversationId) => {
      const { id } = await byId(actor, conversationId);
      return lines.estimateOf(id);
    },

    claim: async (actor, conversationId) => {
      const { id } = await byId(actor, conversationId);
      const business = await businessOf(actor);
      return transaction(({ handling }) => handling.claim(business, actor, id));
    },

    reopen: async (actor, conversationId) => {
      const conversation = await byId(actor, conversationId);
      const business = await businessOf(actor);
      return transaction(({ handling }) =>
        conversation.state === 'waiting'
          ? handling.claim(business, actor, conversation.id)
          : handling.reopen(business, actor, conversation.id),
      );
    },

    transfer: async (actor, conversationId, to) => {
      const { id } = await byId(actor, conversationId);
      const business = await businessOf(actor);
      await transaction(({ handling }) => handling.transfer(business, actor, id, to));
      // The one who gave it away has a place again, and the team's line may have somebody free.
      await drain.drain(actor.businessId);
      return byId(actor, conversationId);
    },

    close: async (actor, conversationId) => {
      const { id } = await byId(actor, conversationId);
      const closed = await transaction(({ handling }) => handling.close(actor, id));
      await drain.drain(actor.businessId);
      return closed;
    },
  };
}
