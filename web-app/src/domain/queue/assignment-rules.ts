import { hasFreePlace } from '../agents/availability-rules.ts';
import type { AgentRecord } from '../agents/agent-record.ts';

export interface Choice {
  /** Who had this customer last; goes first when free. */
  previousId: number | null;
  rule: 'auto' | 'random';
  /** 0 ≤ n < 1; what decides at random. */
  random: () => number;
}

/**
 * Who gets the next customer: the previous agent, else the one with the fewest open conversations, ties to who has
 * been idle longest; or any of them at random. Only those with a free place; null when nobody has one.
 */
export function chooseAgent(serving: readonly AgentRecord[], { previousId, rule, random }: Choice): AgentRecord | null {
  const free = serving.filter(hasFreePlace);
  const previous = free.find((agent) => agent.id === previousId);
  if (previous !== undefined) return previous;
  if (rule === 'random') return free[Math.floor(random() * free.length)] ?? null;
  return free.toSorted(byLoadThenIdleness)[0] ?? null;
}

function byLoadThenIdleness(one: AgentRecord, other: AgentRecord): number {
  return (
    one.load - other.load ||
    (one.lastAssignedAt?.getTime() ?? 0) - (other.lastAssignedAt?.getTime() ?? 0) ||
    one.id - other.id
  );
}
