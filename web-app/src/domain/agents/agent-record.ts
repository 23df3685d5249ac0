import type { Agent } from '../model.ts';

/** An agent with what only assignment asks for. */
export interface AgentRecord extends Agent {
  /** Null: never yet, so idle longest of all. */
  lastAssignedAt: Date | null;
}
