import type { CallKind, ConversationState, ManualStatus, Message } from './model.ts';

/**
 * What the domain tells the world. Written into the outbox by the transaction that made it true,
 * as JSON (dates as ISO strings), with the recipients as they were at that moment.
 */
export type DomainEvent =
  | MessageCreated
  | MessageRead
  | MessageDelivered
  | RatingGiven
  | CallOffered
  | CallAccepted
  | CallEnded
  | ConversationChanged
  | RequestUpdated
  | LineChanged
  | UserPresence
  | AgentUpdated;

/** Everything that is needed to find a conversation's listeners without another query. */
export interface ConversationAddress {
  conversationId: number;
  businessId: number;
  businessSlug: string;
  teamNumber: number;
  state: ConversationState;
  customerId: number;
  customerUid: string;
  /** The visitor's channel name without prefix. */
  customerChannel: string;
  /** The agents in the conversation now; the first is the assignee. */
  agentIds: number[];
}

/** A person as a recipient sees them. */
export interface PersonCard {
  id: number;
  uid: string;
  nickname: string;
  avatar: string;
}

/** Dates do not survive JSON: the wire of the outbox carries `createdAt` as an ISO string. */
export type StoredMessage = WithTextTime<Message>;

/** Over each member of the union by itself, so that content and type stay together. */
type WithTextTime<Kind> = Kind extends { createdAt: Date } ? Omit<Kind, 'createdAt'> & { createdAt: string } : never;

export interface MessageCreated {
  type: 'message.created';
  message: StoredMessage;
  /** Null for the system. */
  sender: PersonCard | null;
  /** The page that the visitor wrote from (WoLive's `record`). */
  page: string;
  to: ConversationAddress;
}

export interface MessageRead {
  type: 'message.read';
  readerId: number;
  readerRole: 'customer' | 'agent';
  readSeq: number;
  to: ConversationAddress;
}

/** Somebody's devices have got everything up to `deliveredSeq`. */
export interface MessageDelivered {
  type: 'message.delivered';
  userId: number;
  role: 'customer' | 'agent';
  deliveredSeq: number;
  to: ConversationAddress;
}

/** The customer rated an episode, or changed the rating. */
export interface RatingGiven {
  type: 'rating.given';
  score: number;
  /** Who had the episode; the conversation may be closed, and then it is nobody's. */
  agentId: number;
  to: ConversationAddress;
}

/** Somebody calls the other side, who may answer or not. */
export interface CallOffered {
  type: 'call.offered';
  room: string;
  kind: CallKind;
  callerRole: 'customer' | 'agent';
  caller: PersonCard;
  /** Who calls or is called. */
  agentId: number;
  to: ConversationAddress;
}

/** It was answered, by one of the callee's tabs. */
export interface CallAccepted {
  type: 'call.accepted';
  room: string;
  agentId: number;
  to: ConversationAddress;
}

/** It is over, or was never answered. */
export interface CallEnded {
  type: 'call.ended';
  room: string;
  outcome: 'refused' | 'missed' | 'ended';
  agentId: number;
  to: ConversationAddress;
}

/** Opened, assigned, transferred or closed: the conversation is now as `to` says. */
export interface ConversationChanged {
  type: 'conversation.opened' | 'conversation.assigned' | 'conversation.closed';
  /** Who it was assigned to. */
  agent: PersonCard | null;
  customer: PersonCard;
  /** Who had it before, so that their consoles hear of it too. */
  previousAgentIds: number[];
  greeting: string;
  to: ConversationAddress;
}

/** One wait changed its state or place; `status` as WebChat numbers it (0 waiting, 1 accepted, 7 cancelled). */
export interface RequestUpdated {
  type: 'request.updated';
  requestId: number;
  status: number;
  /** 1 = next; 0 when not waiting any more. */
  place: number;
  to: ConversationAddress;
}

/** Somebody joined or left a team's line: every agent of the business looks again. */
export interface LineChanged {
  type: 'line.changed';
  businessId: number;
  businessSlug: string;
  teamNumber: number;
  waiting: number;
  reason: 'joined' | 'claimed' | 'left';
  /** Whose wait it was. */
  customer: PersonCard;
  conversationId: number;
}

export interface UserPresence {
  type: 'user.online' | 'user.offline';
  userId: number;
  businessId: number;
  businessSlug: string;
  kind: 'visitor' | 'member' | 'agent';
  /** A visitor's channel without prefix; null for others. */
  channel: string | null;
  /** For a visitor: the agents they talk with. For an agent: empty. */
  agentIds: number[];
}

export interface AgentUpdated {
  type: 'user.updated';
  userId: number;
  businessId: number;
  businessSlug: string;
  manualStatus: ManualStatus;
}
