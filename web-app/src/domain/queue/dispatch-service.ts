import type { AgentRecord } from '../agents/agent-record.ts';
import { hasFreePlace } from '../agents/availability-rules.ts';
import type { Roster } from '../agents/roster-service.ts';
import type { Episodes } from '../conversations/episodes-service.ts';
import type { Business } from '../model.ts';
import { ruleOf } from '../teams/teams-service.ts';
import type { Teams } from '../teams/teams-service.ts';
import { chooseAgent } from './assignment-rules.ts';
import type { Lines } from './line-service.ts';

/** Gives whoever is first in a line to whoever is free. Runs in a transaction. */
export interface Dispatch {
  /** False: nobody waits there, nobody is free, or agents claim for themselves. */
  next(business: Business, teamId: number): Promise<boolean>;
}

interface Deps {
  roster: Roster;
  teams: Teams;
  lines: Lines;
  episodes: Episodes;
  random: () => number;
}

export function createDispatch({ roster, teams, lines, episodes, random }: Deps): Dispatch {
  return {
    next: async (business, teamId) => {
      const team = await teams.byId(business.id, teamId);
      const rule = ruleOf(business, team);
      if (rule === 'claim') return false;
      // Locks in the one order: agents, then the request, then the conversation.
      const line = { teamId, businessId: business.id, isDefault: team.number === 0 };
      const serving = await roster.lockServing(line);
      const free = idsOf(serving.filter(hasFreePlace));
      if (free.length === 0) return false;
      const request = await lines.takeFirst(teamId, { free, serving: idsOf(serving) });
      if (request === null) return false;
      const conversation = await episodes.lock(request.conversationId);
      const others = serving.filter(({ id }) => !request.refusedBy.includes(id));
      const candidates = others.length === 0 ? serving : others;
      const agent = chooseAgent(candidates, { rule, previousId: conversation.lastAgentId, random });
      if (agent === null) throw new Error('An agent with a free place was not chosen.');
      const opened = await episodes.assign(business, conversation, agent, { teamId, door: request.origin });
      await roster.noteAssigned(agent.id);
      await lines.left(request, opened.episodeId);
      return true;
    },
  };
}

function idsOf(agents: readonly AgentRecord[]): number[] {
  return agents.map(({ id }) => id);
}
