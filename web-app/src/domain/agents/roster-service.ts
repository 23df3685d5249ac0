import type { AgentRecord } from './agent-record.ts';
import type { AgentsStore, Line } from './agents-store.ts';

/** Agents as assignment sees them. */
export interface Roster {
  find(businessId: number, userId: number): Promise<AgentRecord | null>;
  /** Who serves a line and is there, busy ones too. */
  serving(line: Line): Promise<AgentRecord[]>;
  /** The same, locked until commit, in the order of ids: their load is exact. In a transaction only. */
  lockServing(line: Line): Promise<AgentRecord[]>;
  /** One agent, locked until commit: its load is exact. In a transaction only. */
  lock(businessId: number, userId: number): Promise<AgentRecord | null>;
  noteAssigned(userId: number): Promise<void>;
}

export function createRoster(store: AgentsStore): Roster {
  return {
    find: async (businessId, userId) => {
      const agent = await store.find(userId);
      return agent?.businessId === businessId ? agent : null;
    },
    serving: store.serving,
    lockServing: store.lockServing,
    lock: store.lock,
    noteAssigned: store.noteAssigned,
  };
}
