import type { Agent, Business, InboxRow, Message, User, Visitor } from '../../domain/model.ts';
import type { Services } from '../../domain/services.ts';
import { fileUrl } from '../../domain/files/file-url.ts';
import type { FrontDoorDeps } from '../front-door.ts';
import type {
  ApiAgent,
  ApiBusiness,
  ApiColleague,
  ApiConversation,
  ApiCustomer,
  ApiMe,
  ApiMessage,
  ApiMessageBody,
  ApiRealtime,
} from './wire.ts';

export function apiBusiness(business: Business): ApiBusiness {
  return { businessId: business.slug, name: business.name, locale: business.locale };
}

export function apiRealtime({ config }: FrontDoorDeps, business: Business): ApiRealtime {
  const { key, host, port, scheme } = config.pusher;
  return { key, host, port, scheme, encrypted: business.encryptChannels };
}

export function apiAgent(agent: Agent): ApiAgent {
  return { id: agent.id, name: agent.nickname, avatar: agent.avatar, online: agent.online };
}

export function apiColleague(agent: Agent): ApiColleague {
  const { level, manualStatus: status, load, maxConversations } = agent;
  return { ...apiAgent(agent), level, status, load, maxConversations };
}

export function apiMe(deps: FrontDoorDeps, agent: Agent, business: Business, csrfToken: string): ApiMe {
  const names = deps.channelNames(business);
  const channels = { own: names.kefu(agent.id), notices: names.ud(agent.id), business: names.all() };
  const publicChannels = Object.values(channels).map((name) => name.replace(/^private-/, ''));
  return {
    ...apiAgent(agent),
    serviceId: agent.id,
    userName: agent.userName,
    level: agent.level,
    status: agent.manualStatus,
    maxConversations: agent.maxConversations,
    load: agent.load,
    business: apiBusiness(business),
    csrfToken,
    pusher: apiRealtime(deps, business),
    channels,
    ...(business.legacyPublicChannels && { publicChannels }),
  };
}

function apiCustomer(visitor: Visitor): ApiCustomer {
  return {
    id: visitor.id,
    name: visitor.nickname,
    avatar: visitor.avatar,
    visitorId: visitor.uid,
    email: visitor.email,
    phone: visitor.phone,
    channel: visitor.channel,
    online: visitor.online,
    page: visitor.page,
    referrer: visitor.referrer,
    ip: visitor.ip,
    locale: visitor.locale,
    device: visitor.device,
    firstSeenAt: visitor.firstSeenAt.toISOString(),
    lastSeenAt: visitor.lastSeenAt.toISOString(),
  };
}

/** Looks people of one business up, each once; `known` are at hand already. */
function peopleOf(services: Services, businessId: number, known: User[]): (id: number) => Promise<User | null> {
  const found = new Map<number, Promise<User | null>>(known.map((user) => [user.id, Promise.resolve(user)]));
  return (id) => {
    const person = found.get(id) ?? services.users.byId(businessId, id);
    found.set(id, person);
    return person;
  };
}

/** @param known people at hand, who need not be looked up */
export async function apiMessages(
  services: Services,
  businessId: number,
  messages: Message[],
  known: User[] = [],
): Promise<ApiMessage[]> {
  const person = peopleOf(services, businessId, known);
  return Promise.all(
    messages.map(async (message) =>
      apiMessage(message, message.senderId === null ? null : await person(message.senderId)),
    ),
  );
}

function apiMessage(message: Message, sender: User | null): ApiMessage {
  return {
    id: message.id,
    conversationId: message.conversationId,
    seq: message.seq,
    senderId: message.senderId,
    senderRole: message.senderRole,
    senderName: sender?.nickname ?? '',
    senderAvatar: sender?.avatar ?? '',
    clientId: message.clientId,
    createdAt: message.createdAt.toISOString(),
    body: apiBody(message),
  };
}

function apiBody(message: Message): ApiMessageBody {
  switch (message.type) {
    case 'image':
      return { type: 'image', content: withUrl(message.content) };
    case 'file':
      return { type: 'file', content: withUrl(message.content) };
    case 'voice':
      return { type: 'voice', content: withUrl(message.content) };
    case 'text':
      return { type: 'text', content: message.content };
    case 'card':
      return { type: 'card', content: message.content };
    case 'call':
      return { type: 'call', content: message.content };
    case 'system':
      return { type: 'system', content: message.content };
    default:
      return message satisfies never;
  }
}

function withUrl<Content extends { key: string; name: string }>(content: Content): Content & { url: string } {
  return { ...content, url: fileUrl(content) };
}

export async function apiConversation(services: Services, row: InboxRow): Promise<ApiConversation> {
  const { conversation, customer, agent, lastMessage } = row;
  const known = agent === null ? [customer] : [customer, agent];
  const [last = null] = await apiMessages(
    services,
    customer.businessId,
    lastMessage === null ? [] : [lastMessage],
    known,
  );
  return {
    id: conversation.id,
    state: conversation.state,
    customer: apiCustomer(customer),
    agent: agent === null ? null : apiAgent(agent),
    lastSeq: conversation.lastSeq,
    lastMessage: last,
    lastMessageAt: conversation.lastMessageAt?.toISOString() ?? null,
    unread: row.unread,
    customerReadSeq: row.customerReadSeq,
    customerDeliveredSeq: row.customerDeliveredSeq,
    blacklisted: row.isBlacklisted,
    rating: row.rating,
    waitingSince: row.waitingSince?.toISOString() ?? null,
    createdAt: conversation.createdAt.toISOString(),
  };
}
