import { randomBytes } from 'node:crypto';
import type { Transaction, Work } from '../../db/unit-of-work.ts';
import type { Actor } from '../actor.ts';
import type { Addresses } from '../conversations/addresses-service.ts';
import type { ConversationRecord } from '../conversations/conversation-record.ts';
import type { Episodes } from '../conversations/episodes-service.ts';
import { DomainError } from '../errors.ts';
import type { Call } from '../model.ts';
import type { Businesses, Calls, Conversations, Users } from '../services.ts';
import type { CallEndings } from './call-endings-service.ts';
import { isRoom, isSwitchedOn, outcomeOf, RING_SECONDS, sideOf, SILENCE_SECONDS } from './call-rules.ts';
import { createCallsStore } from './calls-store.ts';

interface Deps {
  work: Work;
  businesses: Businesses;
  users: Users;
  conversations: Pick<Conversations, 'byId'>;
  transaction: Transaction<{ work: Work; addresses: Addresses; episodes: Episodes; callEndings: CallEndings }>;
}

const ROOM_BYTES = 16;

export function createCalls({ work, businesses, users, conversations, transaction }: Deps): Calls {
  const store = createCallsStore(work);

  /** The actor's own call, and which side of it they are. */
  async function find(actor: Actor, room: string): Promise<{ call: Call; side: 'caller' | 'callee' }> {
    const call = isRoom(room) ? await store.byRoom(actor.businessId, room) : null;
    const side = call === null ? null : sideOf(actor, call);
    if (call === null || side === null) throw new DomainError('not_found', 'There is no such call.');
    return { call, side };
  }

  return {
    offer: async (actor, conversationId, kind) => {
      const { id } = await conversations.byId(actor, conversationId);
      const business = await businesses.byId(actor.businessId);
      const caller = await users.byId(actor.businessId, actor.userId);
      if (business === null || caller === null) throw new DomainError('not_found', 'There is no such business.');
      if (!isSwitchedOn(business, kind)) {
        throw new DomainError('forbidden', `This business takes no ${kind} calls.`);
      }
      return transaction(async ({ work: inner, addresses, episodes }) => {
        // Under its lock nobody closes it or gives it away meanwhile.
        const conversation = await episodes.lock(id);
        const { agentId, customerId } = twoSidesOf(actor, conversation);
        const inStore = createCallsStore(inner);
        const callerRole = actor.kind === 'agent' ? 'agent' : 'customer';
        const room = randomBytes(ROOM_BYTES).toString('hex');
        const { businessId } = actor;
        const offered = { businessId, room, conversationId: id, customerId, agentId, callerRole, kind } as const;
        const call = await inStore.insert(offered, RING_SECONDS);
        if (call === null) throw new DomainError('busy', 'There is a call already.');
        const { to } = await addresses.of(id);
        const { id: callerId, uid, nickname, avatar } = caller;
        const card = { id: callerId, uid, nickname, avatar };
        await inStore.tell({ type: 'call.offered', room, kind, callerRole, caller: card, agentId, to });
        return call;
      });
    },

    accept: async (actor, room) => {
      const { call, side } = await find(actor, room);
      if (side === 'caller') throw new DomainError('not_found', 'Nobody answers their own call.');
      const accepted = await transaction(async ({ work: inner, addresses, episodes }) => {
        await episodes.lock(call.conversationId);
        const inStore = createCallsStore(inner);
        const answered = await inStore.accept(call.id, SILENCE_SECONDS);
        if (answered === null) return null;
        const { to } = await addresses.of(call.conversationId);
        await inStore.tell({ type: 'call.accepted', room, agentId: call.agentId, to });
        return answered;
      });
      if (accepted !== null) return accepted;
      const now = await find(actor, room);
      if (now.call.state === 'accepted') throw new DomainError('already_claimed', 'This call was taken elsewhere.');
      throw over();
    },

    end: async (actor, room) => {
      const { call } = await find(actor, room);
      await transaction(async ({ work: inner, episodes, callEndings }) => {
        await episodes.lock(call.conversationId);
        const now = await createCallsStore(inner).byRoom(actor.businessId, room);
        const side = now === null ? null : sideOf(actor, now);
        if (now === null || side === null || !isLive(now)) return;
        await callEndings.finish(now, outcomeOf(now.state, side));
      });
      return (await find(actor, room)).call;
    },

    ringing: async (actor) => {
      const role = actor.kind === 'agent' ? 'agent' : 'customer';
      const call = await store.ringingAt(actor.businessId, actor.userId, role);
      if (call === null) return null;
      const caller = await users.byId(call.businessId, role === 'agent' ? call.customerId : call.agentId);
      return caller && { call, caller };
    },

    keepAlive: async (actor, room) => {
      const { call } = await find(actor, room);
      if (!(await store.keepAlive(call.id, SILENCE_SECONDS))) throw over();
    },

    sweep: async (limit) => {
      const due = await store.due(limit);
      let ended = 0;
      for (const call of due) {
        const finished = await transaction(async ({ work: inner, episodes, callEndings }) => {
          await episodes.lock(call.conversationId);
          const still = await createCallsStore(inner).stillDue(call);
          return still && callEndings.finish(still, still.state === 'ringing' ? 'missed' : 'ended');
        });
        if (finished !== null) ended += 1;
      }
      return ended;
    },
  };
}

/** @throws DomainError `not_your_conversation`, `conflict` */
function twoSidesOf(actor: Actor, conversation: ConversationRecord): { agentId: number; customerId: number } {
  const { state, agentId, agentIds, customerId } = conversation;
  if (actor.kind === 'agent') {
    if (state === 'open' && agentIds.includes(actor.userId)) return { agentId: actor.userId, customerId };
    throw new DomainError('not_your_conversation', 'You are not in this conversation.');
  }
  if (state !== 'open' || agentId === null) {
    throw new DomainError('conflict', 'There is nobody who could answer.');
  }
  return { agentId, customerId };
}

function isLive(call: Call): boolean {
  return call.state === 'ringing' || call.state === 'accepted';
}

function over(): DomainError {
  return new DomainError('conflict', 'This call is over.');
}
