import type { Team } from '../model.ts';

/** A team with what admission asks for. */
export interface TeamRecord extends Team {
  /** Empty: the business's own text. */
  offlineText: string;
  /** Visitors wait although nobody is there. */
  holdWhenNoAgent: boolean;
}
