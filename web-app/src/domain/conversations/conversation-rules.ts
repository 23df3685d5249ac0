import type { Actor } from '../actor.ts';
import type { ConversationRecord } from './conversation-record.ts';

/** A visitor sees its own; agents see their business's. What one may not see does not exist. */
export function maySee(actor: Actor, conversation: ConversationRecord): boolean {
  if (conversation.businessId !== actor.businessId) return false;
  return actor.kind === 'agent' || conversation.customerId === actor.userId;
}

/** Its customer, its agents, and those who manage agents. */
export function mayClose(actor: Actor, conversation: ConversationRecord): boolean {
  if (!maySee(actor, conversation)) return false;
  if (actor.kind === 'visitor') return true;
  return actor.level !== 'service' || conversation.agentIds.includes(actor.userId);
}
