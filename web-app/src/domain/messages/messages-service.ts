import { isDatabaseUnavailable } from '../../db/database-health.ts';
import { Gathering } from '../../db/gathering.ts';
import { violates } from '../../db/unit-of-work.ts';
import type { Transaction, Work } from '../../db/unit-of-work.ts';
import type { Actor, VisitorActor } from '../actor.ts';
import type { Admissions } from '../conversations/admissions-service.ts';
import type { Addresses } from '../conversations/addresses-service.ts';
import { DomainError } from '../errors.ts';
import type { Attachments } from '../files/attachments-service.ts';
import { isId } from '../id-rules.ts';
import type { Message, MessageContent } from '../model.ts';
import type { Drain } from '../queue/drain-service.ts';
import type { Businesses, Conversations, Messages, Visitors } from '../services.ts';
import { clipped } from '../text-rules.ts';
import { checkMessage } from './message-rules.ts';
import { createMessagesStore } from './messages-store.ts';
import type { Draft, Saying } from './messages-store.ts';

const PAGE_CHARACTERS = 2048;
const LIST_MAX = 200;
/** A month of history is answered whole. */
const BETWEEN_MAX = 5000;
/** Beyond it nothing is: `seq` is an `int` in the database. */
const HIGHEST_SEQ = 2_147_483_647;
/** A message to a closed conversation says by which door it was opened again. */
const DOOR = 'message';
/** How often an agent may close the conversation between our finding it open and our writing into it. */
const REOPENINGS = 5;

interface Deps {
  work: Work;
  businesses: Businesses;
  visitors: Pick<Visitors, 'byId'>;
  conversations: Pick<Conversations, 'byId'>;
  drain: Drain;
  attachments: Pick<Attachments, 'describe'>;
  transaction: Transaction<{ work: Work; admissions: Admissions; addresses: Addresses; attachments: Attachments }>;
}

/** A message with a file takes the file too, or neither is stored. */
interface Sending extends Draft {
  fileKey: string | null;
  actor: Actor;
}

export function createMessages(deps: Deps): Messages {
  const { work, businesses, visitors, conversations, drain, attachments, transaction } = deps;
  const store = createMessagesStore(work);
  const sayings = new Gathering<Saying, Message | null>({
    run: store.appendAsBefore,
    keyOf: ({ draft }) => draft.conversationId,
    mayBeOnes: (error) => !isDatabaseUnavailable(error),
  });

  /** The same `clientId` of the same sender is the same message. */
  async function repeated({ businessId, conversationId, sender, clientId }: Draft): Promise<Message | null> {
    if (clientId === null || sender.id === null) return null;
    const stored = await store.findByClientId(businessId, sender.id, clientId);
    if (stored !== null && stored.conversationId !== conversationId) {
      throw new DomainError('conflict', 'This clientId was used in another conversation.');
    }
    return stored;
  }

  /** Runs a way of storing; where the database says that the message is there already, answers that one. */
  async function once(draft: Draft, storing: () => Promise<Message | null>) {
    try {
      const message = await storing();
      return message === null ? null : { message, created: true };
    } catch (error) {
      if (!violates(error, 'messages_client_id_once')) throw error;
      const message = await repeated(draft);
      if (message === null) throw error;
      return { message, created: false };
    }
  }

  async function append(inner: { work: Work; attachments: Attachments }, sending: Sending): Promise<Message | null> {
    const message = await createMessagesStore(inner.work).append(sending);
    if (message !== null && sending.fileKey !== null)
      await inner.attachments.attach(sending.actor, sending.fileKey, message.id);
    return message;
  }

  /** One statement where that is all there is to do. */
  function storeNow(sending: Sending): Promise<Message | null> {
    return sending.fileKey === null ? store.append(sending) : transaction((inner) => append(inner, sending));
  }

  /** A visitor's message to a conversation that is not going on: begins it, and stores, in one transaction. */
  async function reopen(actor: VisitorActor, draft: Sending): Promise<Message | null> {
    const business = await businesses.byId(actor.businessId);
    const visitor = await visitors.byId(actor.businessId, actor.userId);
    if (business === null || visitor === null) throw new DomainError('not_found', 'There is no such visitor.');
    const message = await transaction(async (inner) => {
      const admission = await inner.admissions.resume(business, visitor, { door: DOOR });
      if (admission.kind === 'blacklisted') throw new DomainError('blacklisted', 'This visitor is blacklisted.');
      return append(inner, draft);
    });
    // They may have come to wait, and a place may be free.
    await drain.drain(business.id);
    return message;
  }

  return {
    send: async (actor, conversationId, unchecked) => {
      if (!isId(conversationId)) throw new DomainError('not_found', 'There is no such conversation.');
      const { body: given, clientId, page } = checkMessage(unchecked);
      const isPlain = given.type === 'text' || given.type === 'card';
      const body = isPlain ? given : await attachments.describe(actor, given);
      const draft: Sending = {
        ...draftOf(actor, conversationId, { body, clientId, page }),
        actor,
        fileKey: isPlain ? null : given.content.key,
      };
      const sent = await once(draft, () => storeNow(draft));
      if (sent !== null) return sent;

      // The guard did not hold: say why, or open the conversation.
      await conversations.byId(actor, conversationId);
      const before = await repeated(draft);
      if (before !== null) return { message: before, created: false };
      if (actor.kind === 'agent') {
        throw new DomainError('not_your_conversation', 'You are not in this conversation.');
      }
      for (let attempt = 0; attempt < REOPENINGS; attempt += 1) {
        const reopened = await once(draft, () => reopen(actor, draft));
        if (reopened !== null) return reopened;
      }
      throw new DomainError('conflict', 'The conversation kept being closed; send the message again.');
    },

    sendAsBefore: async (standing, unchecked) => {
      const { body, clientId, page } = checkMessage(unchecked);
      // A file is taken in the same transaction.
      if (body.type !== 'text' && body.type !== 'card') return null;
      const { actor, conversationId } = standing;
      try {
        return await sayings.run({ draft: draftOf(actor, conversationId, { body, clientId, page }), standing });
      } catch (error) {
        if (violates(error, 'messages_client_id_once')) return null;
        throw error;
      }
    },

    list: async (actor, conversationId, page) => {
      await conversations.byId(actor, conversationId);
      return store.list(actor.businessId, conversationId, {
        ...(page.afterSeq === undefined ? {} : { afterSeq: withinSeqs(page.afterSeq) }),
        ...(page.beforeSeq === undefined ? {} : { beforeSeq: withinSeqs(page.beforeSeq) }),
        limit: Math.min(LIST_MAX, Math.max(1, Math.trunc(page.limit))),
      });
    },

    markRead: async (actor, conversationId, seq) => {
      await conversations.byId(actor, conversationId);
      return transaction(async (inner) => {
        const innerStore = createMessagesStore(inner.work);
        const cursor = await innerStore.moveCursor(conversationId, actor.userId, withinSeqs(seq));
        if (cursor === null) return 0;
        if (!cursor.moved) return cursor.readSeq;
        const { to } = await inner.addresses.of(conversationId);
        await innerStore.tellRead({
          type: 'message.read',
          readerId: actor.userId,
          readerRole: actor.kind === 'agent' ? 'agent' : 'customer',
          readSeq: cursor.readSeq,
          to,
        });
        return cursor.readSeq;
      });
    },

    before: async (actor, conversationId, { messageId, limit }) => {
      await conversations.byId(actor, conversationId);
      const most = Math.min(LIST_MAX, Math.max(1, Math.trunc(limit)));
      return store.before(actor.businessId, conversationId, { messageId, limit: most });
    },

    between: async (actor, conversationId, { from, to, limit }) => {
      await conversations.byId(actor, conversationId);
      const most = Math.min(BETWEEN_MAX, Math.max(1, Math.trunc(limit)));
      return store.between(actor.businessId, conversationId, { from, to, limit: most });
    },

    markDelivered: async (actor, conversationId, seq) => {
      await conversations.byId(actor, conversationId);
      return transaction(async (inner) => {
        const innerStore = createMessagesStore(inner.work);
        const cursor = await innerStore.moveDelivered(conversationId, actor.userId, withinSeqs(seq));
        if (cursor === null) return 0;
        if (!cursor.moved) return cursor.deliveredSeq;
        const { to } = await inner.addresses.of(conversationId);
        const { deliveredSeq } = cursor;
        const role = actor.kind === 'agent' ? 'agent' : 'customer';
        await innerStore.tellDelivered({ type: 'message.delivered', userId: actor.userId, role, deliveredSeq, to });
        return deliveredSeq;
      });
    },

    reachedByOthers: async (actor, conversationId) => {
      await conversations.byId(actor, conversationId);
      return store.reached(conversationId, actor.kind === 'agent' ? 'customer' : 'agent');
    },

    unread: async (actor, conversationId) => {
      await conversations.byId(actor, conversationId);
      return store.unread(conversationId, actor.userId);
    },

    readByAgents: async (actor, conversationId) => {
      await conversations.byId(actor, conversationId);
      return store.readByAgents(conversationId);
    },
  };
}

function draftOf(
  actor: Actor,
  conversationId: number,
  { body, clientId, page }: { body: MessageContent; clientId: string | null; page: string | null },
): Draft {
  return {
    businessId: actor.businessId,
    conversationId,
    sender: { kind: actor.kind === 'agent' ? 'agent' : 'customer', id: actor.userId },
    body,
    clientId,
    page: page === null ? null : clipped(page, PAGE_CHARACTERS),
  };
}

/** Every number is somewhere among the seqs that can be. */
function withinSeqs(seq: number): number {
  return Number.isNaN(seq) ? 0 : Math.min(HIGHEST_SEQ, Math.max(0, Math.trunc(seq)));
}
