import { isReachable } from '../../domain/agents/availability-rules.ts';
import { messageHtml } from '../../wolive-wire/message-html.ts';
import { DEFAULT_AVATAR_PATH } from '../../pages/default-avatar.ts';
import type { Agent, Business, Conversation, Message, Visitor } from '../../domain/model.ts';

/**
 * The document's tables as JSON rows, every column by its name there. `users.id` is `service_id` and `vid`,
 * `conversations.id` is `qid`, `messages.id` is `cid`.
 */

/** `wolive_service` as other agents and its owner see it. Never with `password`. */
export function serviceRow(agent: Agent, business: Business) {
  return { ...publicServiceRow(agent, business), phone: agent.phone, email: agent.email };
}

/** `wolive_service` towards visitors: how to reach an agent elsewhere is not theirs to know. */
export function publicServiceRow(agent: Agent, business: Business) {
  return {
    service_id: agent.id,
    user_name: agent.userName,
    nick_name: agent.nickname,
    business_id: business.slug,
    avatar: agent.avatar || DEFAULT_AVATAR_PATH,
    level: agent.level,
    parent_id: 0,
    state: isReachable(agent) ? 'online' : 'offline',
  };
}

/** `wolive_visiter`. */
export function visiterRow(visitor: Visitor, business: Business) {
  return {
    vid: visitor.id,
    visiter_id: visitor.uid,
    visiter_name: visitor.nickname,
    channel: visitor.channel,
    avatar: visitor.avatar,
    ip: visitor.ip,
    from_url: visitor.page,
    timestamp: mysqlTime(visitor.lastSeenAt, business.timezone),
    business_id: business.slug,
    state: visitor.online ? 'online' : 'offline',
  };
}

/** `wolive_queue`: `service_id` 0 waits. Its time is that of the wait, else of the latest message. */
export function queueRow(
  conversation: Conversation,
  visitor: Visitor,
  { waitingSince, isBlacklisted }: { waitingSince: Date | null; isBlacklisted: boolean },
  business: Business,
) {
  const since = waitingSince ?? conversation.lastMessageAt ?? conversation.createdAt;
  return {
    qid: conversation.id,
    visiter_id: visitor.uid,
    service_id: conversation.agentId ?? 0,
    business_id: business.slug,
    state: isBlacklisted ? 'in_black_list' : conversation.state === 'closed' ? 'complete' : 'normal',
    timestamp: mysqlTime(since, business.timezone),
  };
}

/** `wolive_chats`; `timestamp` is Unix seconds, `content` HTML. */
export function chatsRow(
  message: Message,
  parties: { visiterId: string; serviceId: number; readUpTo: number },
  business: Business,
  webUrl: string,
) {
  return {
    cid: message.id,
    visiter_id: parties.visiterId,
    service_id: parties.serviceId,
    business_id: business.slug,
    content: messageHtml(message, webUrl),
    timestamp: Math.floor(message.createdAt.getTime() / 1000),
    state: message.seq <= parties.readUpTo ? 'readed' : 'unread',
    direction: message.senderRole === 'customer' ? 'to_service' : 'to_visiter',
  };
}

/** `2017-11-29 15:37:04` in the business's time zone, as MySQL prints a `timestamp`. */
export function mysqlTime(date: Date, timeZone: string): string {
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { ...TO_THE_SECOND, timeZone });
  clocks.set(timeZone, clock);
  return clock.format(date);
}

const TO_THE_SECOND = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;

/** One a time zone: making one costs as much as a hundred times, and lists hold a thousand. */
const clocks = new Map<string, Intl.DateTimeFormat>();
