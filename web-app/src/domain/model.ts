/**
 * The nouns of the domain as plain data, the same behind every front door.
 * Times are `Date`; ids are database numbers; `uid` is the site's own id of a user.
 */

export type AgentLevel = 'super_manager' | 'manager' | 'service';
export type ManualStatus = 'online' | 'busy' | 'offline';
export type DistributionRule = 'auto' | 'claim';
export type ConversationState = 'none' | 'waiting' | 'open' | 'closed';
export type SenderRole = 'customer' | 'agent' | 'system';

/** A tenant: one site. `slug` is what the outside calls `business_id`. */
export interface Business {
  id: number;
  slug: string;
  name: string;
  state: 'open' | 'close';
  distributionRule: DistributionRule;
  locale: string;
  timezone: string;
  legacyVisitors: boolean;
  legacyPublicChannels: boolean;
  encryptChannels: boolean;
  allowedDomains: string[];
  /** Shown to visitors; empty when the business set none. */
  greeting: string;
  offlineText: string;
  blacklistMode: 'silent' | 'explicit';
  audioState: 'open' | 'close';
  videoState: 'open' | 'close';
  voiceState: 'open' | 'close';
  /** Signs visitor ids (`hash` = hex HMAC-SHA256 of the id); empty when the business signs nothing. */
  identitySecret: string;
  /** An id that the site names has to be signed, or come with the token that a signed call got. */
  identityRequired: boolean;
  widget: WidgetSettings;
}

/** How a business's widget looks and behaves. */
export interface WidgetSettings {
  /** `#rrggbb`. */
  accent: string;
  position: 'right' | 'left';
  title: string;
  launcherText: string;
  /** An address of the web or a path of this server; empty: the agent's own. */
  avatar: string;
  preChat: { enabled: boolean; fields: ('name' | 'email' | 'phone')[] };
  /** `ask`: nothing is kept in the visitor's browser before they agreed. */
  consent: 'auto' | 'ask';
  /** What is said unasked: on pages whose address holds `page` (or fits its `*`), so many seconds after they opened. */
  proactive: { page: string; afterS: number; text: string }[];
}

/** Anyone who can talk, in one business. */
export interface User {
  id: number;
  businessId: number;
  uid: string;
  kind: 'visitor' | 'member' | 'agent';
  nickname: string;
  avatar: string;
}

/** A user with a login. `online` is the debounced view of its channels; `manualStatus` is its own choice. */
export interface Agent extends User {
  kind: 'agent';
  userName: string;
  level: AgentLevel;
  phone: string;
  email: string;
  manualStatus: ManualStatus;
  online: boolean;
  maxConversations: number;
  /** The agent's own greeting; empty: the business's. */
  greeting: string;
  /** Open service conversations now. */
  load: number;
}

/** A user met through a widget. `channel` is the name without prefix that WoLive computes: hex of `uid/slug`. */
export interface Visitor extends User {
  kind: 'visitor';
  /** How to reach them, by their own word or the site's; empty while unknown. */
  email: string;
  phone: string;
  channel: string;
  ip: string;
  page: string;
  referrer: string;
  device: VisitorDevice;
  locale: string;
  online: boolean;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** What the user agent string told, as words for an agent. */
export interface VisitorDevice {
  browser: string;
  os: string;
  type: 'desktop' | 'mobile' | 'tablet' | 'unknown';
}

export interface Team {
  id: number;
  businessId: number;
  number: number;
  name: string;
  /** Absent: the business's distribution rule. */
  assign: 'auto' | 'claim' | 'random' | null;
}

/** Where messages live. Only `service` exists in the first stage. */
export interface Conversation {
  id: number;
  businessId: number;
  kind: 'service' | 'direct' | 'group';
  customerId: number;
  state: ConversationState;
  teamId: number;
  agentId: number | null;
  lastSeq: number;
  lastMessageAt: Date | null;
  createdAt: Date;
}

/** What is said. New kinds are new members of this union. `key` names a file (`domain/files`). */
export type MessageContent =
  | { type: 'text'; content: { text: string } }
  | { type: 'image'; content: StoredImage }
  | { type: 'file'; content: StoredFile }
  | { type: 'voice'; content: StoredVoice }
  | { type: 'card'; content: ProductCard }
  | { type: 'call'; content: CallRecord }
  | { type: 'system'; content: SystemNotice };

/** `size` in bytes. */
export interface StoredFile {
  key: string;
  name: string;
  size: number;
}

/** In pixels. */
export interface StoredImage extends StoredFile {
  width: number;
  height: number;
}

export interface StoredVoice extends StoredFile {
  durationMs: number;
}

/** What a visitor is looking at. All text; `url` and `image` are http(s) addresses or empty. */
export interface ProductCard {
  pid: string;
  url: string;
  image: string;
  title: string;
  info: string;
  price: string;
}

export type CallKind = 'audio' | 'video';

/** Of two people: an agent, and the customer of a conversation that this agent has. */
export interface Call {
  id: number;
  businessId: number;
  /** 32 hex digits, 128 random bits. */
  room: string;
  conversationId: number;
  customerId: number;
  agentId: number;
  callerRole: 'customer' | 'agent';
  kind: CallKind;
  state: 'ringing' | 'accepted' | 'refused' | 'missed' | 'ended';
}

/** A call that is over; its sender is who called. */
export interface CallRecord {
  kind: CallKind;
  outcome: 'ended' | 'missed' | 'refused';
  durationS: number;
}

/** Told to both sides inside the thread; each client words it in its own language. */
export type SystemNotice =
  | { notice: 'assigned'; agentName: string }
  | { notice: 'closed'; by: 'agent' | 'customer' | 'system' }
  | { notice: 'transferred'; agentName: string; byName: string }
  | { notice: 'rating_requested' }
  | { notice: 'rated'; score: number };

/** A file that somebody sent up. */
export interface FileRow {
  /** 128 random bits: whoever has it may read the file. */
  key: string;
  /** Null: its sender named none; it belongs to whoever sends it in a message. */
  businessId: number | null;
  /** Null: nobody who is known. */
  uploaderId: number | null;
  /** As its sender called it, without any path. */
  name: string;
  /** What its bytes are, never what its sender said. */
  type: string;
  size: number;
  /** Of images that browsers show; null for everything else. */
  width: number | null;
  height: number | null;
  /** The message that carries it; null while nobody has sent it. */
  messageId: number | null;
  createdAt: Date;
}

/** What is often asked. `answer` is Markdown; `answerHtml` is safe to be shown as it is. */
export interface Faq {
  id: number;
  businessId: number;
  question: string;
  answer: string;
  answerHtml: string;
}

/** A page beside the conversation in the widget. `content` is Markdown; `contentHtml` is safe to be shown as it is. */
export interface Tab {
  id: number;
  businessId: number;
  title: string;
  content: string;
  contentHtml: string;
}

/** What somebody wrote when nobody was there. */
export interface LeaveMessage {
  id: number;
  businessId: number;
  /** The visitor who wrote it, where that is known. */
  userId: number | null;
  name: string;
  phone: string;
  email: string;
  content: string;
  page: string;
  createdAt: Date;
}

/** Immutable and ordered: `seq` is 1, 2, 3 … in its conversation, `id` rises with it. */
export type Message = MessageContent & {
  id: number;
  businessId: number;
  conversationId: number;
  seq: number;
  senderId: number | null;
  senderRole: SenderRole;
  clientId: string | null;
  createdAt: Date;
};

/** One line of an inbox: a conversation with what a list shows of it. */
export interface InboxRow {
  conversation: Conversation;
  customer: Visitor;
  agent: Agent | null;
  /** The last that somebody said; notices of the system are no preview. */
  lastMessage: Message | null;
  /** For the agent who asks: last seq − own read seq. */
  unread: number;
  /** The other side's cursor, for ticks. */
  customerReadSeq: number;
  customerDeliveredSeq: number;
  /** The customer is not served. */
  isBlacklisted: boolean;
  /** The score of the latest episode, 1–5; null: not rated. */
  rating: number | null;
  /** Since when the customer waits in line; null when not waiting. */
  waitingSince: Date | null;
}
