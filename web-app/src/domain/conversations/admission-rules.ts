import { hasFreePlace } from '../agents/availability-rules.ts';
import type { AgentRecord } from '../agents/agent-record.ts';
import { chooseAgent } from '../queue/assignment-rules.ts';

/** What is known when a customer wants to talk and no reachable agent has them. */
export interface Case {
  rule: 'auto' | 'claim' | 'random';
  /** Who serves the line and is there, busy and full ones too. */
  serving: readonly AgentRecord[];
  previousId: number | null;
  /** They write into a thread that was closed: their previous agent takes it up, whatever the rule. */
  resumes: boolean;
  /** They may wait although nobody is there. */
  hold: boolean;
  /** How many wait in that line already. */
  ahead: number;
  random: () => number;
}

export type Decision = { to: 'agent'; agent: AgentRecord } | { to: 'line' } | { to: 'nobody' };

/** Who gets whom, when somebody comes (spec wolive, Assignment). */
export function decide({ rule, serving, previousId, resumes, hold, ahead, random }: Case): Decision {
  if (serving.length === 0) return hold ? { to: 'line' } : { to: 'nobody' };
  if (rule === 'claim') {
    const previous = serving.find((agent) => agent.id === previousId && hasFreePlace(agent));
    return resumes && previous !== undefined ? { to: 'agent', agent: previous } : { to: 'line' };
  }
  // Whoever waits already is served before: the line is drained right after this.
  if (ahead > 0) return { to: 'line' };
  const agent = chooseAgent(serving, { rule, previousId, random });
  return agent === null ? { to: 'line' } : { to: 'agent', agent };
}
