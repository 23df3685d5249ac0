import type { Roster } from '../agents/roster-service.ts';
import type { Actor, AgentActor } from '../actor.ts';
import { DomainError } from '../errors.ts';
import type { Business } from '../model.ts';
import { isReachable } from '../agents/availability-rules.ts';
import type { Lines } from '../queue/line-service.ts';
import type { Teams } from '../teams/teams-service.ts';
import type { Refusals } from '../visitors/blacklist-service.ts';
import { mayClose } from './conversation-rules.ts';
import type { ConversationRecord } from './conversation-record.ts';
import type { ConversationsStore } from './conversations-store.ts';
import type { Episodes } from './episodes-service.ts';

/** What people do with a conversation. Runs in a transaction. */
export interface Handling {
  claim(business: Business, actor: AgentActor, conversationId: number): Promise<ConversationRecord>;
  close(actor: Actor, conversationId: number): Promise<ConversationRecord>;
  reopen(business: Business, actor: AgentActor, conversationId: number): Promise<ConversationRecord>;
  transfer(
    business: Business,
    actor: AgentActor,
    conversationId: number,
    to: { agentId: number } | { teamNumber: number },
  ): Promise<ConversationRecord>;
}

interface Deps {
  store: ConversationsStore;
  roster: Roster;
  teams: Teams;
  lines: Lines;
  episodes: Episodes;
  refusals: Refusals;
}

/** Where a wait came from that an agent's transfer began. */
const TRANSFERRED = 'transfer';
/** By which door an episode began that an agent took up again. */
const REOPENED = 'agent';

export function createHandling({ store, roster, teams, lines, episodes, refusals }: Deps): Handling {
  async function find(businessId: number, conversationId: number): Promise<ConversationRecord> {
    const conversation = await store.find(businessId, conversationId);
    if (conversation === null) throw new DomainError('not_found', 'There is no such conversation.');
    return conversation;
  }

  /** Why there was nothing to claim; the agent's own is its own already. */
  async function notWaiting(actor: AgentActor, conversationId: number): Promise<ConversationRecord> {
    const conversation = await find(actor.businessId, conversationId);
    if (conversation.agentId === actor.userId) return conversation;
    if (conversation.state === 'open') throw new DomainError('already_claimed', 'A colleague has this visitor.');
    throw new DomainError('conflict', 'This visitor does not wait any more.');
  }

  return {
    claim: async (business, actor, conversationId) => {
      const agent = await roster.lock(actor.businessId, actor.userId);
      if (agent === null) throw new DomainError('not_found', 'There is no such agent.');
      const { id } = await find(actor.businessId, conversationId);
      const request = await lines.take(id);
      if (request === null) return notWaiting(actor, conversationId);
      if (agent.load >= agent.maxConversations) {
        throw new DomainError('over_capacity', `You have ${agent.load} open conversations, and no more places.`);
      }
      const conversation = await episodes.lock(id);
      const { teamId, origin: door } = request;
      const opened = await episodes.assign(business, conversation, agent, { teamId, door });
      await roster.noteAssigned(agent.id);
      await lines.left(request, opened.episodeId);
      await lines.tellPlaces(teamId);
      return opened;
    },

    close: async (actor, conversationId) => {
      const { id } = await find(actor.businessId, conversationId);
      const cancelled = await cancelIfAllowed(actor, id);
      const conversation = await episodes.lock(id);
      if (conversation.state === 'none' || conversation.state === 'closed') return conversation;
      if (!mayClose(actor, conversation)) {
        throw new DomainError('not_your_conversation', 'You are not in this conversation.');
      }
      const closed = await episodes.close(conversation, actor.kind === 'agent' ? 'agent' : 'customer');
      if (cancelled !== null) {
        await lines.left(cancelled, null);
        await lines.tellPlaces(cancelled.teamId);
      }
      return closed;
    },

    reopen: async (business, actor, conversationId) => {
      const agent = await roster.lock(actor.businessId, actor.userId);
      if (agent === null) throw new DomainError('not_found', 'There is no such agent.');
      const { id, customerId } = await find(actor.businessId, conversationId);
      if (await refusals.has(actor.businessId, customerId)) {
        throw new DomainError('blacklisted', 'This visitor is blacklisted.');
      }
      const conversation = await episodes.lock(id);
      if (conversation.agentIds.includes(agent.id)) return conversation;
      if (conversation.state === 'open') throw new DomainError('already_claimed', 'A colleague has this visitor.');
      if (conversation.state === 'waiting') throw new DomainError('conflict', 'This visitor waits: claim them.');
      if (agent.load >= agent.maxConversations) {
        throw new DomainError('over_capacity', `You have ${agent.load} open conversations, and no more places.`);
      }
      const { teamId } = conversation;
      const opened = await episodes.assign(business, conversation, agent, { teamId, door: REOPENED });
      await roster.noteAssigned(agent.id);
      return opened;
    },

    transfer: async (business, actor, conversationId, to) => {
      const { id } = await find(actor.businessId, conversationId);
      return 'agentId' in to ? toAgent(business, actor, id, to.agentId) : toTeam(business, actor, id, to.teamNumber);
    },
  };

  /** @throws DomainError `not_your_conversation` when it is not open, or the actor may not give it away */
  async function lockOwn(actor: AgentActor, conversationId: number): Promise<ConversationRecord> {
    const conversation = await episodes.lock(conversationId);
    if (conversation.state !== 'open' || !mayClose(actor, conversation)) {
      throw new DomainError('not_your_conversation', 'You are not in this conversation.');
    }
    return conversation;
  }

  async function toAgent(business: Business, actor: AgentActor, conversationId: number, agentId: number) {
    const agent = await roster.lock(actor.businessId, agentId);
    if (agent === null) throw new DomainError('not_found', 'There is no such agent.');
    const conversation = await lockOwn(actor, conversationId);
    if (conversation.agentId === agent.id) return conversation;
    if (!isReachable(agent)) throw new DomainError('conflict', 'This agent is not there.');
    if (agent.load >= agent.maxConversations) {
      throw new DomainError('over_capacity', 'This agent has no free place.');
    }
    const by = await roster.find(actor.businessId, actor.userId);
    const moved = await episodes.transfer(business, conversation, agent, by?.nickname ?? '');
    await roster.noteAssigned(agent.id);
    return moved;
  }

  /** Into the team's line, which is served at once where somebody is free. */
  async function toTeam(business: Business, actor: AgentActor, conversationId: number, teamNumber: number) {
    const team = await teams.byNumber(business.id, teamNumber);
    const line = { teamId: team.id, businessId: business.id, isDefault: team.number === 0 };
    const serving = await roster.serving(line);
    const conversation = await lockOwn(actor, conversationId);
    const givers = conversation.agentIds;
    if (serving.every(({ id }) => givers.includes(id))) {
      throw new DomainError('conflict', 'Nobody else of this team is there.');
    }
    const queued = await episodes.queue(conversation, team.id);
    await lines.join(queued, TRANSFERRED, givers);
    return queued;
  }

  /** The wait ends before the conversation is locked, as everywhere; a refusal afterwards takes it back. */
  async function cancelIfAllowed(actor: Actor, conversationId: number) {
    const conversation = await find(actor.businessId, conversationId);
    return conversation.state === 'waiting' && mayClose(actor, conversation) ? lines.cancel(conversationId) : null;
  }
}
