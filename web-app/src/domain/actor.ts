import type { AgentLevel } from './model.ts';

/** Who asks. Made by `auth`, trusted by the domain; every query is scoped by `businessId`. */
export type Actor = AgentActor | VisitorActor;

export interface AgentActor {
  kind: 'agent';
  businessId: number;
  userId: number;
  level: AgentLevel;
}

export interface VisitorActor {
  kind: 'visitor';
  businessId: number;
  userId: number;
}
