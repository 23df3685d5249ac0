import { greetingBy, isReachable } from '../agents/availability-rules.ts';
import type { Roster } from '../agents/roster-service.ts';
import { DomainError } from '../errors.ts';
import type { Business, Visitor } from '../model.ts';
import type { Lines } from '../queue/line-service.ts';
import type { Admission } from '../services.ts';
import { ruleOf } from '../teams/teams-service.ts';
import type { Teams } from '../teams/teams-service.ts';
import type { TeamRecord } from '../teams/team-record.ts';
import type { Refusals } from '../visitors/blacklist-service.ts';
import { decide } from './admission-rules.ts';
import type { ConversationRecord } from './conversation-record.ts';
import type { ConversationsStore } from './conversations-store.ts';
import type { Episodes } from './episodes-service.ts';

/** Lets customers in. Runs in a transaction; who was put into a line may be served once it is committed. */
export interface Admissions {
  admit(
    business: Business,
    visitor: Visitor,
    options: { teamNumber: number; hold: boolean; door: string },
  ): Promise<Admission>;
  /** By writing: to the team of their thread, to their previous agent where possible, into the line at the least. */
  resume(business: Business, visitor: Visitor, options: { door: string }): Promise<Admission>;
}

interface Deps {
  store: ConversationsStore;
  roster: Roster;
  teams: Teams;
  lines: Lines;
  episodes: Episodes;
  refusals: Refusals;
  random: () => number;
}

interface Entry {
  business: Business;
  visitor: Visitor;
  team: TeamRecord;
  hold: boolean;
  door: string;
  resumes: boolean;
}

/** How often a customer's conversation may change under our hands before something is wrong. */
const ATTEMPTS = 10;

export function createAdmissions({ store, roster, teams, lines, episodes, refusals, random }: Deps): Admissions {
  async function enter(entry: Entry): Promise<Admission> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const admission = await attemptEntry(entry);
      if (admission !== null) return admission;
    }
    throw new DomainError('conflict', 'The conversation kept changing; try again.');
  }

  /** Null: they waited no more when we looked closer; nothing is locked yet, so look again. */
  async function attemptEntry(entry: Entry): Promise<Admission | null> {
    const seen = await store.ensure(entry.business.id, entry.visitor.id, entry.team.id);
    switch (seen.state) {
      case 'open':
        return (await served(entry.business, seen)) ?? place(entry, seen.id);
      case 'waiting':
        return (await lines.touch(seen.id)) ? stillWaiting(entry, seen) : null;
      case 'none':
      case 'closed':
        return place(entry, seen.id);
    }
  }

  /** Null: the agent is away. */
  async function served(business: Business, conversation: ConversationRecord): Promise<Admission | null> {
    const agent = conversation.agentId === null ? null : await roster.find(business.id, conversation.agentId);
    if (agent === null || !isReachable(agent)) return null;
    return { kind: 'assigned', conversation, agent, greeting: greetingBy(agent, business) };
  }

  async function stillWaiting(entry: Entry, conversation: ConversationRecord): Promise<Admission> {
    const team = await teams.byId(entry.business.id, conversation.teamId);
    const serving = await roster.serving(lineOf(entry.business, team));
    if (serving.length === 0 && !entry.hold) return offline(entry.business, team, conversation);
    return waiting(conversation);
  }

  async function place(entry: Entry, conversationId: number): Promise<Admission> {
    const { business, team, door } = entry;
    const line = lineOf(business, team);
    const rule = ruleOf(business, team);
    // Locks in the one order: agents, then requests, then the conversation. From here on no request is locked.
    const mayAssign = rule !== 'claim' || entry.resumes;
    const serving = mayAssign ? await roster.lockServing(line) : await roster.serving(line);
    const conversation = await store.lock(conversationId);
    // Somebody else, another tab or an agent, may have been quicker.
    if (conversation.state === 'waiting') return stillWaiting(entry, conversation);
    const taken = conversation.state === 'open' ? await served(business, conversation) : null;
    if (taken !== null) return taken;
    const decision = decide({
      rule,
      serving,
      previousId: conversation.lastAgentId,
      resumes: entry.resumes,
      // One that has an agent, though away, stays with it rather than wait for nobody.
      hold: entry.hold && conversation.state !== 'open',
      ahead: await lines.length(team.id),
      random,
    });
    switch (decision.to) {
      case 'agent': {
        const opened = await episodes.assign(business, conversation, decision.agent, { teamId: team.id, door });
        await roster.noteAssigned(decision.agent.id);
        const agent = { ...decision.agent, load: decision.agent.load + 1 };
        return { kind: 'assigned', conversation: opened, agent, greeting: greetingBy(agent, business) };
      }
      case 'line': {
        const queued = await episodes.queue(conversation, team.id);
        await lines.join(queued, door);
        return waiting(queued);
      }
      case 'nobody':
        return offline(business, team, conversation);
    }
  }

  async function waiting(conversation: ConversationRecord): Promise<Admission> {
    const standing = await lines.placeOf(conversation.id);
    // None: taken by somebody whose commit is a moment away.
    return { kind: 'waiting', conversation, ...(standing ?? { place: 1, waiting: 1 }) };
  }

  async function checkEntry(business: Business, visitor: Visitor): Promise<Admission | null> {
    if (visitor.businessId !== business.id) throw new DomainError('not_found', 'There is no such visitor.');
    if (business.state === 'close') throw new DomainError('business_closed', 'The site takes no questions any more.');
    if (!(await refusals.has(business.id, visitor.id))) return null;
    const conversation = await store.ofCustomer(business.id, visitor.id);
    const lastAgentId = conversation?.lastAgentId ?? null;
    return {
      kind: 'blacklisted',
      lastAgent: lastAgentId === null ? null : await roster.find(business.id, lastAgentId),
    };
  }

  return {
    admit: async (business, visitor, { teamNumber, hold, door }) => {
      const refused = await checkEntry(business, visitor);
      if (refused !== null) return refused;
      const team = await teams.byNumber(business.id, teamNumber);
      return enter({ business, visitor, team, hold: hold || team.holdWhenNoAgent, door, resumes: false });
    },
    resume: async (business, visitor, { door }) => {
      const refused = await checkEntry(business, visitor);
      if (refused !== null) return refused;
      const conversation = await store.ofCustomer(business.id, visitor.id);
      if (conversation === null) throw new DomainError('not_found', 'There is no such conversation.');
      const team = await teams.byId(business.id, conversation.teamId);
      return enter({ business, visitor, team, hold: true, door, resumes: true });
    },
  };
}

function lineOf(business: Business, team: TeamRecord) {
  return { teamId: team.id, businessId: business.id, isDefault: team.number === 0 };
}

function offline(business: Business, team: TeamRecord, conversation: ConversationRecord): Admission {
  const offlineText = team.offlineText === '' ? business.offlineText : team.offlineText;
  return { kind: 'offline', conversation, offlineText };
}
