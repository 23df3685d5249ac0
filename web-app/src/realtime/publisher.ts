import type {
  AgentUpdated,
  CallOffered,
  ConversationAddress,
  ConversationChanged,
  DomainEvent,
  LineChanged,
  MessageCreated,
  UserPresence,
} from '../domain/events.ts';
import { channelName, formOf, type ChannelSubject } from './channel-names.ts';
import { beginning, fits } from './event-size.ts';
import { DEFAULT_AVATAR_PATH } from '../pages/default-avatar.ts';
import { asHtml } from '../wolive-wire/message-html.ts';
import { visitorRow } from './legacy-rows.ts';
import type { PublishFacts } from './publish-facts.ts';
import type { Trigger } from './realtime-server.ts';
import type { WireEvents } from './wire-events.ts';
import { legacyAgentMessage, legacyVisitorMessage, shortened, wireMessage } from './wire-message.ts';

/** The events that WoLive documents: plain channels carry these and no others. */
const DOCUMENTED: ReadonlySet<keyof WireEvents> = new Set([
  'cu-event',
  'my-event',
  'cu_notice',
  'first_word',
  'on_notice',
  'geton',
  'logout',
  'video',
  'video-refuse',
]);

const MAX_GREETING_CHARACTERS = 800;

type Told = {
  [Name in keyof WireEvents]: { to: ChannelSubject; name: Name; data: WireEvents[Name] };
}[keyof WireEvents];

/** What is triggered for a domain event, in order (domain.md, Channels; spec wolive, Realtime events). */
export function triggersOf(event: DomainEvent, facts: PublishFacts): Trigger[] {
  const form = formOf(facts.business);
  return toldBy(event, facts).flatMap((told) => {
    const triggers = [triggerOf(told, channelName(told.to, form))];
    if (facts.business.legacyPublicChannels && DOCUMENTED.has(told.name)) {
      triggers.push(triggerOf(withPicture(told), channelName(told.to, 'plain')));
    }
    return triggers;
  });
}

function triggerOf(told: Told, channel: string): Trigger {
  const whole = { channel, name: told.name, data: told.data };
  if (fits(whole)) return whole;
  switch (told.name) {
    case 'cu-event':
      return { ...whole, data: { message: shortened(told.data.message) } };
    case 'my-event':
      return { ...whole, data: { message: shortened(told.data.message) } };
    case 'message':
      return { ...whole, data: { message: shortened(told.data.message) } };
    default:
      return whole;
  }
}

/** In the document's tables an agent always has a picture; our own clients draw one of the name. */
function withPicture(told: Told): Told {
  switch (told.name) {
    case 'my-event':
      return { ...told, data: { message: pictured(told.data.message) } };
    case 'cu_notice':
      return { ...told, data: { message: pictured(told.data.message) } };
    case 'first_word':
      return { ...told, data: { message: pictured(told.data.message) } };
    default:
      return told;
  }
}

function pictured<Message extends { avatar: string }>(message: Message): Message {
  return message.avatar === '' ? { ...message, avatar: DEFAULT_AVATAR_PATH } : message;
}

function toldBy(event: DomainEvent, facts: PublishFacts): Told[] {
  switch (event.type) {
    case 'message.created':
      return messageCreated(event, facts);
    case 'message.read': {
      const { conversationId } = event.to;
      const { readerId, readerRole, readSeq } = event;
      const data = { conversationId, readerId, readerRole, readSeq };
      return bothSides(event.to).map((to) => ({ to, name: 'read', data }));
    }
    case 'message.delivered': {
      const { userId, role, deliveredSeq } = event;
      const data = { conversationId: event.to.conversationId, userId, role, deliveredSeq };
      return bothSides(event.to).map((to) => ({ to, name: 'delivered', data }));
    }
    case 'rating.given': {
      const data = { conversationId: event.to.conversationId, score: event.score };
      const agentIds = [...new Set([event.agentId, ...event.to.agentIds])];
      return agentIds.map((agentId) => ({ to: { kind: 'kefu', agentId }, name: 'rating', data }));
    }
    case 'call.offered':
      return [callOffered(event)];
    case 'call.accepted': {
      const data = { message: { room: event.room, conversationId: event.to.conversationId } };
      return callersOf(event).map((to) => ({ to, name: 'video-accept', data }));
    }
    case 'call.ended': {
      const { room, outcome: reason } = event;
      const data = { message: { room, conversationId: event.to.conversationId, reason } };
      return callersOf(event).map((to) => ({ to, name: 'video-refuse', data }));
    }
    case 'conversation.opened':
    case 'conversation.assigned':
    case 'conversation.closed':
      return conversationChanged(event, facts);
    case 'request.updated':
      return [{ to: { kind: 'cu', channel: event.to.customerChannel }, name: 'place', data: { place: event.place } }];
    case 'line.changed':
      return [{ to: { kind: 'all', slug: event.businessSlug }, name: 'on_notice', data: lineNotice(event) }];
    case 'user.online':
    case 'user.offline':
      return presenceChanged(event, facts);
    case 'user.updated':
      return agentUpdated(event, facts);
    default:
      return unknown(event);
  }
}

function messageCreated(event: MessageCreated, { webUrl }: PublishFacts): Told[] {
  const { to } = event;
  const message = wireMessage(event);
  const customer: ChannelSubject = { kind: 'cu', channel: to.customerChannel };
  switch (message.senderRole) {
    case 'customer': {
      const toAgents: Told[] = to.agentIds.map((agentId) => ({
        to: { kind: 'kefu', agentId },
        name: 'cu-event',
        data: { message: { ...message, ...legacyVisitorMessage(event, agentId, webUrl) } },
      }));
      // Nobody has the conversation yet: those who watch the line look again.
      const toLine: Told[] =
        to.agentIds.length === 0 ? [conversationNow(to, { kind: 'all', slug: to.businessSlug })] : [];
      return [...toAgents, ...toLine, { to: customer, name: 'message', data: { message } }];
    }
    case 'agent':
      return [
        { to: customer, name: 'my-event', data: { message: { ...message, ...legacyAgentMessage(event, webUrl) } } },
        ...to.agentIds.map((agentId): Told => ({ to: { kind: 'kefu', agentId }, name: 'message', data: { message } })),
      ];
    case 'system':
      return bothSides(to).map((side) => ({ to: side, name: 'message', data: { message } }));
  }
}

const CALL_WORDS: Record<CallOffered['kind'], string> = { audio: '申请语音通话', video: '申请视频通话' };

function callOffered(event: CallOffered): Told {
  const { room, kind, caller, callerRole, to } = event;
  const [agent, customer] = callersOf(event);
  return {
    to: callerRole === 'agent' ? customer : agent,
    name: 'video',
    data: {
      message: CALL_WORDS[kind],
      channel: to.customerChannel,
      avatar: caller.avatar,
      username: caller.nickname,
      cid: room,
      room,
      kind,
      conversationId: to.conversationId,
    },
  };
}

/** The two who talk, in all their tabs: one console rings, not every agent's in the conversation. */
function callersOf({ agentId, to }: { agentId: number; to: ConversationAddress }): [ChannelSubject, ChannelSubject] {
  return [
    { kind: 'kefu', agentId },
    { kind: 'cu', channel: to.customerChannel },
  ];
}

function conversationChanged(event: ConversationChanged, facts: PublishFacts): Told[] {
  const { to } = event;
  const consoles = [...new Set([...to.agentIds, ...event.previousAgentIds])];
  const customer: ChannelSubject = { kind: 'cu', channel: to.customerChannel };
  const told: Told[] = [
    ...consoles.map((agentId) => conversationNow(to, { kind: 'kefu', agentId })),
    conversationNow(to, customer),
    conversationNow(to, { kind: 'all', slug: to.businessSlug }),
  ];
  if (event.type !== 'conversation.assigned' || !event.agent) return told;
  const { id, nickname, avatar } = event.agent;
  const online = facts.agent?.online ?? true;
  told.push({
    to: customer,
    name: 'cu_notice',
    data: {
      message: {
        id,
        name: nickname,
        avatar,
        online,
        service_id: id,
        nick_name: nickname,
        user_name: facts.agent?.userName ?? '',
        business_id: to.businessSlug,
        level: facts.agent?.level ?? 'service',
        parent_id: 0,
        state: online ? 'online' : 'offline',
      },
    },
  });
  if (event.greeting) {
    const content = asHtml(beginning(event.greeting, MAX_GREETING_CHARACTERS));
    told.push({ to: customer, name: 'first_word', data: { message: { avatar, content } } });
  }
  const row = visitorRow(event, facts);
  told.push({ to: { kind: 'ud', agentId: id }, name: 'on_notice', data: { message: row } });
  return told;
}

function conversationNow(address: ConversationAddress, to: ChannelSubject): Told {
  const { conversationId, state, agentIds } = address;
  return { to, name: 'conversation', data: { conversationId, state, agentId: agentIds[0] ?? null } };
}

const LINE_WORDS: Record<LineChanged['reason'], string> = {
  joined: '有访客在等待交谈',
  claimed: '访客已被认领',
  left: '访客已离开',
};

function lineNotice(event: LineChanged): WireEvents['on_notice'] {
  const { teamNumber, waiting, reason, conversationId, customer } = event;
  return {
    message: {
      msg: LINE_WORDS[reason],
      groupid: teamNumber,
      waiting,
      reason,
      conversationId,
      customer: { id: customer.id, name: customer.nickname, avatar: customer.avatar },
    },
  };
}

function presenceChanged(event: UserPresence, facts: PublishFacts): Told[] {
  const online = event.type === 'user.online';
  const name = online ? 'geton' : 'logout';
  switch (event.kind) {
    case 'visitor': {
      const chas = event.channel ?? '';
      return event.agentIds.map((agentId) => ({ to: { kind: 'kefu', agentId }, name, data: { message: { chas } } }));
    }
    case 'agent':
      return [
        online
          ? { to: { kind: 'se', agentId: event.userId }, name: 'geton', data: { message: 'online' } }
          : { to: { kind: 'se', agentId: event.userId }, name: 'logout', data: { message: 'offline' } },
        {
          to: { kind: 'all', slug: event.businessSlug },
          name: 'agent',
          data: { agentId: event.userId, online, status: facts.agent?.manualStatus ?? 'online' },
        },
      ];
    case 'member':
      return [];
  }
}

function agentUpdated(event: AgentUpdated, facts: PublishFacts): Told[] {
  const data = { agentId: event.userId, online: facts.agent?.online ?? false, status: event.manualStatus };
  return [{ to: { kind: 'all', slug: event.businessSlug }, name: 'agent', data }];
}

function bothSides(to: ConversationAddress): ChannelSubject[] {
  const agents = to.agentIds.map((agentId): ChannelSubject => ({ kind: 'kefu', agentId }));
  return [...agents, { kind: 'cu', channel: to.customerChannel }];
}

/** A row written by a newer version of this program: it is set aside, never guessed at. */
function unknown(event: never): never {
  throw new Error(`no triggers are known for the event ${JSON.stringify(event).slice(0, 200)}`);
}
