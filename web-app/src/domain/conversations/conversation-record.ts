import type { Conversation } from '../model.ts';

/** A conversation with what moves it on. */
export interface ConversationRecord extends Conversation {
  /** In it now; the first is the assignee. */
  agentIds: number[];
  /** Who had it last; kept when it is closed. */
  lastAgentId: number | null;
  /** The open episode. */
  episodeId: number | null;
  /** `lastSeq` when the latest episode ended. */
  closedSeq: number;
}
