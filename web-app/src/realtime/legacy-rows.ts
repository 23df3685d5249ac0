import type { ConversationChanged } from '../domain/events.ts';
import type { PublishFacts } from './publish-facts.ts';

/** WoLive's visitor row (table `wolive_visiter`) of whom was assigned, with our conversation beside it. */
export function visitorRow(event: ConversationChanged, facts: PublishFacts): Record<string, unknown> {
  const { customer, to } = event;
  const { visitor, business } = facts;
  return {
    vid: customer.id,
    visiter_id: customer.uid,
    visiter_name: customer.nickname,
    channel: to.customerChannel,
    avatar: customer.avatar,
    ip: visitor?.ip ?? '',
    from_url: visitor?.page ?? '',
    timestamp: visitor ? localTime(visitor.lastSeenAt, business.timezone) : '',
    business_id: to.businessSlug,
    state: visitor?.online ? 'online' : 'offline',
    groupid: to.teamNumber,
    conversationId: to.conversationId,
  };
}

/** `2026-11-22 09:30:00` on the business's clock. */
function localTime(time: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(time);
}
