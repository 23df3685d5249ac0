import { tell } from '../../db/outbox-writer.ts';
import type { Work } from '../../db/unit-of-work.ts';
import type { CallEndings } from '../calls/call-endings-service.ts';
import type { Notices } from '../messages/notices-service.ts';
import type { Agent, Business, SystemNotice } from '../model.ts';
import { greetingBy } from '../agents/availability-rules.ts';
import { cardOf } from './address.ts';
import type { Addresses } from './addresses-service.ts';
import { createConversationsStore } from './conversations-store.ts';
import type { ConversationRecord } from './conversation-record.ts';
import { createEpisodesStore } from './episodes-store.ts';

/** Moves a conversation on, and tells. Each call needs the conversation locked by its transaction. */
export interface Episodes {
  lock(conversationId: number): Promise<ConversationRecord>;
  /** To an agent: a new episode, or the open one handed over. Greets the visitor in the agent's words, or the business's. */
  assign(
    business: Business,
    conversation: ConversationRecord,
    agent: Agent,
    episode: { teamId: number; door: string },
  ): Promise<ConversationRecord>;
  /** From one agent to another within the open episode; `byName` is who gives it away. */
  transfer(
    business: Business,
    conversation: ConversationRecord,
    agent: Agent,
    byName: string,
  ): Promise<ConversationRecord>;
  /** Into the line; an open episode ends without a word in the thread. */
  queue(conversation: ConversationRecord, teamId: number): Promise<ConversationRecord>;
  close(conversation: ConversationRecord, by: 'agent' | 'customer' | 'system'): Promise<ConversationRecord>;
  /** What was noted in the thread after a close belongs to what is over; while something goes on: nothing to do. */
  settle(conversationId: number): Promise<void>;
}

interface Deps {
  work: Work;
  addresses: Addresses;
  notices: Notices;
  callEndings: CallEndings;
}

/** An episode never begins with a transfer, so nobody reads this. */
const TRANSFER_DOOR = 'transfer';

export function createEpisodes({ work, addresses, notices, callEndings }: Deps): Episodes {
  const store = createConversationsStore(work);
  const episodes = createEpisodesStore(work);

  async function tellChange(
    type: 'conversation.opened' | 'conversation.assigned' | 'conversation.closed',
    conversationId: number,
    change: { agent: Agent | null; previousAgentIds: number[]; greeting: string },
  ): Promise<void> {
    const { to, customer } = await addresses.of(conversationId);
    const agent = change.agent === null ? null : cardOf(change.agent);
    await tell(work, [{ conversationId, event: { ...change, type, agent, customer, to } }]);
  }

  /** A call is with the agent whom the conversation has: it ends, with its record, before the agent goes. */
  async function withoutCall(conversation: ConversationRecord): Promise<ConversationRecord> {
    const ended = conversation.episodeId !== null && (await callEndings.endIn(conversation.id));
    return ended ? store.lock(conversation.id) : conversation;
  }

  async function giveTo(
    business: Business,
    given: ConversationRecord,
    agent: Agent,
    { teamId, door, notice }: { teamId: number; door: string; notice: SystemNotice },
  ): Promise<ConversationRecord> {
    const conversation = await withoutCall(given);
    const { businessId, episodeId, agentIds: previousAgentIds } = conversation;
    const readBefore = await readFloor(conversation, [agent.id, ...previousAgentIds]);
    const episode = { businessId, conversationId: conversation.id, teamId, agentId: agent.id, door };
    const id = episodeId ?? (await episodes.open({ ...episode, firstSeq: conversation.closedSeq + 1 }));
    if (episodeId !== null) await episodes.transfer({ id: episodeId, businessId, agentId: agent.id });
    await store.toOpen(conversation, { id, teamId, agentId: agent.id });
    await tellChange('conversation.assigned', conversation.id, {
      agent,
      previousAgentIds: previousAgentIds.filter((previous) => previous !== agent.id),
      greeting: greetingBy(agent, business),
    });
    await notices.post(conversation, notice);
    // The notice took a seq and is nothing to read: the cursor stands one further, so that the difference is the
    // number of messages that wait for the agent.
    const readSeq = readBefore + 1;
    await episodes.seat({ businessId, conversationId: conversation.id, userId: agent.id, readSeq });
    return store.lock(conversation.id);
  }

  return {
    lock: store.lock,
    settle: store.settle,

    assign: (business, conversation, agent, { teamId, door }) =>
      giveTo(business, conversation, agent, {
        teamId,
        door,
        notice: { notice: 'assigned', agentName: agent.nickname },
      }),

    transfer: (business, conversation, agent, byName) =>
      giveTo(business, conversation, agent, {
        teamId: conversation.teamId,
        door: TRANSFER_DOOR,
        notice: { notice: 'transferred', agentName: agent.nickname, byName },
      }),

    queue: async (given, teamId) => {
      const conversation = await withoutCall(given);
      const { episodeId, agentIds } = conversation;
      // What its agents had not read is for whoever takes it next.
      const closedSeq = episodeId === null ? conversation.closedSeq : await readFloor(conversation, agentIds);
      if (episodeId !== null) await episodes.close(episodeId, 'system', closedSeq);
      const waiting = await store.toWaiting(conversation, { teamId, closedSeq });
      await tellChange('conversation.opened', conversation.id, {
        agent: null,
        previousAgentIds: conversation.agentIds,
        greeting: '',
      });
      return waiting;
    },

    close: async (given, by) => {
      const conversation = await withoutCall(given);
      if (conversation.episodeId !== null) {
        await notices.post(conversation, { notice: 'closed', by });
        await episodes.close(conversation.episodeId, by, conversation.lastSeq + 1);
      }
      const closed = await store.toClosed(conversation);
      await tellChange('conversation.closed', conversation.id, {
        agent: null,
        previousAgentIds: conversation.agentIds,
        greeting: '',
      });
      return closed;
    },
  };

  /** Up to where nothing waits for any of these: what a colleague read is read, what an earlier episode had is past. */
  async function readFloor(conversation: ConversationRecord, agentIds: readonly number[]): Promise<number> {
    const seen = await Promise.all(agentIds.map((userId) => episodes.readSeq(conversation.id, userId)));
    return Math.min(conversation.lastSeq, Math.max(conversation.closedSeq, ...seen));
  }
}
