import type { AgentActor, Actor, VisitorActor } from './actor.ts';
import type {
  Agent,
  Business,
  Call,
  CallKind,
  Conversation,
  Faq,
  FileRow,
  InboxRow,
  LeaveMessage,
  ManualStatus,
  Message,
  MessageContent,
  Tab,
  User,
  Visitor,
  VisitorDevice,
  WidgetSettings,
} from './model.ts';

/**
 * What front doors, auth and realtime may ask of the domain. Made by `createServices` over one database
 * handle; inside a transaction the same services are made over it. Every refusal is a `DomainError`.
 */
export interface Services {
  businesses: Businesses;
  users: Users;
  agents: Agents;
  visitors: Visitors;
  blacklist: Blacklist;
  conversations: Conversations;
  messages: Messages;
  ratings: Ratings;
  calls: Calls;
  inbox: Inbox;
  presence: Presence;
  files: Files;
  content: Content;
  leaveMessages: LeaveMessages;
  weixin: Weixin;
}

/** Bytes that lie in a temporary place and have not been looked at. */
export interface ArrivedFile {
  path: string;
  /** As the sender called it. */
  name: string;
  size: number;
}

export interface Files {
  /**
   * Looks at the bytes, keeps them under a new key and writes their row. `expects` refuses what is not of that kind;
   * the temporary file is gone afterwards, whatever happened.
   * @throws DomainError `invalid` (empty, not of the kind, an image too large to be shown)
   */
  receive(
    owner: { businessId: number | null; userId: number | null },
    file: ArrivedFile,
    expects: 'any' | 'image',
  ): Promise<FileRow>;
  /** Null when there is none. */
  byKey(key: string): Promise<FileRow | null>;
  /** Where the bytes lie. */
  pathOf(file: FileRow): string;
  /** Forgets files that within a day nobody has sent, nor shown as an avatar or on a page; answers how many. */
  sweep(): Promise<number>;
}

export interface Businesses {
  /** Null when there is none. Cached for at most 5 s, so that a bootstrap run is seen within that time. */
  bySlug(slug: string): Promise<Business | null>;
  byId(id: number): Promise<Business | null>;
  /** It was changed past this service: this process reads it anew. */
  forget(id: number): void;
  /** Seen at once by this process. @throws DomainError `forbidden` (managers only), `invalid` */
  setWidget(actor: AgentActor, widget: WidgetSettings): Promise<WidgetSettings>;
  /** @throws DomainError `forbidden` (managers only), `invalid` */
  rename(actor: AgentActor, name: string): Promise<void>;
}

export interface Users {
  byId(businessId: number, userId: number): Promise<User | null>;
}

export interface Agents {
  byId(businessId: number, userId: number): Promise<Agent | null>;
  /** For sign-in and channel auth, where the business is not known yet: user names and ids are unique over all. */
  byUserId(userId: number): Promise<Agent | null>;
  credentials(userName: string): Promise<AgentCredentials | null>;
  list(businessId: number): Promise<Agent[]>;
  /** `online` makes the agent available and drains the line. Emits `user.updated`. */
  setStatus(actor: AgentActor, status: ManualStatus): Promise<Agent>;
  /**
   * Makes an agent of the same business.
   * @throws DomainError `forbidden` (managers only; only a super manager makes one), `invalid`, `conflict` (the name is taken)
   */
  register(
    actor: AgentActor,
    agent: {
      profile: Pick<AgentProfile, 'userName'> & Partial<AgentProfile>;
      level: Agent['level'];
      passwordHash: string;
    },
  ): Promise<Agent>;
  /** Changes the agent's own profile; absent fields stay. @throws DomainError `invalid`, `conflict` (the name is taken) */
  describe(actor: AgentActor, profile: Partial<AgentProfile>): Promise<Agent>;
  /** The agent's own; ends every session that began before. */
  setPassword(actor: AgentActor, passwordHash: string): Promise<void>;
}

/** What an agent says of themselves. `avatar` is an address of the web or a path of this server. */
export type AgentProfile = Pick<Agent, 'userName' | 'nickname' | 'avatar' | 'phone' | 'email'>;

export interface AgentCredentials {
  userId: number;
  businessId: number;
  level: Agent['level'];
  passwordHash: string;
  sessionsValidFrom: Date;
}

/** What is null was not said, and leaves what is known. */
export interface ArrivingVisitor {
  /** The site's own id, or null: an id `w-` + 32 hex digits is made. */
  uid: string | null;
  /** What was proved: `none` nothing, `token` the bearer of this user's token, `site` a valid signature. */
  proof: 'none' | 'token' | 'site';
  nickname: string | null;
  avatar: string | null;
  email: string | null;
  phone: string | null;
  page: string;
  referrer: string;
  ip: string;
  device: VisitorDevice;
  locale: string;
  /** True: the call may only find, never create a row or change the visitor's page (an idle frame of a returning visitor). */
  passive: boolean;
}

export interface Arrival {
  visitor: Visitor;
  created: boolean;
  /** Answered only to the call that created the row, or to one that proved itself; else null. */
  token: string | null;
}

export interface Visitors {
  byId(businessId: number, userId: number): Promise<Visitor | null>;
  byUid(businessId: number, uid: string): Promise<Visitor | null>;
  byChannel(businessId: number, channel: string): Promise<Visitor | null>;
  /** Whose token this is, in whatever business; null when nobody's. Looks up by hash. */
  byToken(token: string): Promise<Visitor | null>;
  /**
   * Creates or updates the visitor (page, address, device, name). With `passive` and proof `none` it is also the
   * question whether a call without a token may speak as this visitor (`legacy_visitors`).
   * @throws DomainError `token_required` when the row needs more proof than the call has; `invalid` for a bad uid
   * (uid and slug together at most 89 bytes of UTF-8); `not_found` when `passive` and unknown.
   */
  arrive(business: Business, arriving: ArrivingVisitor): Promise<Arrival>;
  /** Everyone with whom this agent has talked, the latest first. */
  metBy(businessId: number, agentId: number): Promise<Visitor[]>;
}

/** Visitors who are not served. */
export interface Blacklist {
  /** The latest first, with their conversation where they have one. */
  list(actor: AgentActor): Promise<{ visitor: Visitor; conversation: Conversation | null }[]>;
  /** Their open conversation or wait ends. @throws DomainError `not_found` */
  add(actor: AgentActor, visitorId: number): Promise<void>;
  /** @throws DomainError `not_found` */
  remove(actor: AgentActor, visitorId: number): Promise<void>;
}

/** The answer to a visitor who wants to talk (WoLive's `notice`, the widget's session). */
export type Admission =
  | { kind: 'assigned'; conversation: Conversation; agent: Agent; greeting: string }
  | { kind: 'waiting'; conversation: Conversation; place: number; waiting: number }
  | { kind: 'offline'; conversation: Conversation | null; offlineText: string }
  | { kind: 'blacklisted'; lastAgent: Agent | null };

export interface Conversations {
  /**
   * A visitor begins or resumes: stays with its online agent, or is assigned or queued by the rule in force
   * (spec wolive, Assignment). One transaction. Queues nobody while no agent is online (`offline`) unless `hold`.
   * An open conversation whose agent is away is handed to another who is there, or else stays with it (`offline`).
   * @throws DomainError `business_closed`; `not_found` for a team that is not there
   */
  admit(
    business: Business,
    visitor: Visitor,
    options: { teamNumber: number; hold: boolean; door: string },
  ): Promise<Admission>;
  /** What a visitor has now, changing nothing. Null before the first admission. */
  ofVisitor(actor: VisitorActor): Promise<{ conversation: Conversation; agent: Agent | null; place: number } | null>;
  /** Those that these visitors have. */
  ofVisitors(actor: AgentActor, visitorIds: readonly number[]): Promise<Conversation[]>;
  /**
   * About how many seconds who waits will still wait, by the last waits in that team's line; null for who does not
   * wait, and while there were none.
   */
  estimateOf(actor: Actor, conversationId: number): Promise<number | null>;
  /** @throws DomainError `not_found` for another business's or another visitor's */
  byId(actor: Actor, conversationId: number): Promise<Conversation>;
  /**
   * Exactly one winner; the winner's own claim again is the same. In any manual status.
   * @throws DomainError `already_claimed`, `not_found`, `over_capacity`, `conflict` (nobody waits there any more)
   */
  claim(actor: AgentActor, conversationId: number): Promise<Conversation>;
  /**
   * Closes the open episode and frees a place (the line is drained), or ends a wait. Closing a closed one is a no-op.
   * @throws DomainError `not_found`; `not_your_conversation` for an agent of level `service` who is not in it
   */
  close(actor: Actor, conversationId: number): Promise<Conversation>;
  /**
   * An agent takes up a conversation that is not going on, as it would take a visitor who waits.
   * @throws DomainError `not_found`, `already_claimed` (a colleague has it), `over_capacity`, `blacklisted`
   */
  reopen(actor: AgentActor, conversationId: number): Promise<Conversation>;
  /**
   * Gives an open conversation to another agent who is there and has a place, or into a team's line.
   * @throws DomainError `not_found`, `not_your_conversation`, `over_capacity`, `conflict` (nobody is there)
   */
  transfer(
    actor: AgentActor,
    conversationId: number,
    to: { agentId: number } | { teamNumber: number },
  ): Promise<Conversation>;
}

/** What may be sent; files are named by the key that their upload answered, and taken once, by their uploader if that is known. */
export type NewBody =
  | Extract<MessageContent, { type: 'text' | 'card' }>
  | { type: 'image' | 'file'; content: { key: string } }
  | { type: 'voice'; content: { key: string; durationMs: number } };

export interface NewMessage {
  /** The sender's own name for it; the same one again is the same message. */
  clientId: string | null;
  body: NewBody;
  /** Where the visitor was when writing; null: as last seen. */
  page: string | null;
}

/** A message with whose it was: the agent of its episode; null while it waited for one. */
export type SaidMessage = Message & { agentId: number | null };

/** Who a visitor was found to be, by what was shown, and what they had then (`arrive`, `ofVisitor`). */
export interface Standing {
  actor: VisitorActor;
  uid: string;
  proof: ArrivingVisitor['proof'];
  /** Of the token, where that was the proof; else null. */
  tokenHash: Buffer | null;
  conversationId: number;
  agentId: number | null;
}

export interface Messages {
  /**
   * Stores and announces in one statement. A visitor's message to a closed or new conversation opens it
   * (previous agent when online, else by assignment, else it waits). `created` is false for a repeated `clientId`.
   * @throws DomainError `not_found`, `not_your_conversation` (an agent who is not in it), `empty_message`, `too_long`,
   * `invalid` (also a file that is not there, is not the sender's, or was sent before), `blacklisted`, `business_closed` (it would have to be opened), `conflict` (a `clientId` of another
   * conversation)
   */
  send(actor: Actor, conversationId: number, message: NewMessage): Promise<{ message: Message; created: boolean }>;
  /**
   * Stores and announces what a visitor says who was recognised before, if everything is still as it was then: who they
   * are and by what, the conversation, and whose it is. One statement, and one for all who speak at the same moment.
   * Null: not all of it, or somebody else is writing to the conversation right now, and nothing is stored; `arrive`,
   * `ofVisitor` and `send` say how it is. Files go that way too.
   * @throws DomainError `empty_message`, `too_long`, `invalid`
   */
  sendAsBefore(standing: Standing, message: NewMessage): Promise<Message | null>;
  /** Ascending by seq. Exactly one of the two bounds, or none for the newest. `limit` 1–200. */
  list(
    actor: Actor,
    conversationId: number,
    page: { afterSeq?: number; beforeSeq?: number; limit: number },
  ): Promise<Message[]>;
  /** Moves the actor's own cursor, never back; answers where it stands. */
  markRead(actor: Actor, conversationId: number, seq: number): Promise<number>;
  /** What people said before a message (0: the newest), ascending, without the system's notices. */
  before(actor: Actor, conversationId: number, page: { messageId: number; limit: number }): Promise<SaidMessage[]>;
  /**
   * What was said in a span of time, ascending; at most `limit` (up to 5,000), the newest of them.
   * @throws DomainError `not_found`
   */
  between(actor: Actor, conversationId: number, span: { from: Date; to: Date; limit: number }): Promise<SaidMessage[]>;
  /** Moves how far the actor's devices have got the messages, never back; answers where it stands. */
  markDelivered(actor: Actor, conversationId: number, seq: number): Promise<number>;
  /** How far the other side has got and read them: for a visitor any agent, for an agent the customer. */
  reachedByOthers(actor: Actor, conversationId: number): Promise<{ deliveredSeq: number; readSeq: number }>;
  /** The actor's last seq − read seq. */
  unread(actor: Actor, conversationId: number): Promise<number>;
  /** How far any agent has read; what a visitor's ticks say. */
  readByAgents(actor: Actor, conversationId: number): Promise<number>;
}

export interface Ratings {
  /**
   * The customer rates the latest episode, open or closed. One rating an episode; it may be changed for ten minutes.
   * @throws DomainError `not_found`, `invalid`, `conflict` (nothing to rate yet, or the time to change it is over)
   */
  give(actor: VisitorActor, conversationId: number, rating: { score: number; comment: string }): Promise<void>;
  /**
   * Asks the customer for a rating, by a notice in the thread; asking twice in a row is asking once.
   * @throws DomainError `not_found`, `not_your_conversation`, `conflict` (rated for good)
   */
  request(actor: AgentActor, conversationId: number): Promise<void>;
}

/**
 * Calls between a customer and the agent of their open conversation. To anybody but these two a call is not there.
 * Every live call has a due time in the database: `sweep` ends those past it. How it ended is written into the thread.
 */
export interface Calls {
  /**
   * Rings at the other side, for 45 s.
   * @throws DomainError `not_found`, `not_your_conversation` (an agent who is not in it), `forbidden` (the business has
   * this kind switched off), `conflict` (no agent has the conversation), `busy` (it, or the agent, has a call already)
   */
  offer(actor: Actor, conversationId: number, kind: CallKind): Promise<Call>;
  /**
   * Answers; exactly one of all who try.
   * @throws DomainError `not_found` (also the caller's own), `already_claimed` (taken in another tab), `conflict` (over)
   */
  accept(actor: Actor, room: string): Promise<Call>;
  /**
   * Ends it in whatever state: the callee refuses what rings, the caller withdraws it (`missed`), both hang up what
   * was answered. Of one that is over nothing changes. @throws DomainError `not_found`
   */
  end(actor: Actor, room: string): Promise<Call>;
  /** What rings at the actor now, for a page that was not there when it began; null: nothing. */
  ringing(actor: Actor): Promise<{ call: Call; caller: User } | null>;
  /** Says that a call that was answered goes on, for the next minute. @throws DomainError `not_found`, `conflict` (over) */
  keepAlive(actor: Actor, room: string): Promise<void>;
  /** Ends the live calls whose time has come, at most `limit`; answers how many. */
  sweep(limit: number): Promise<number>;
}

export interface Inbox {
  /** `mine` the agent's open ones, `queue` those waiting (oldest first), `all` the business's; newest first else. */
  list(
    actor: AgentActor,
    query: { view: 'mine' | 'queue' | 'all'; cursor: string | null; limit: number },
  ): Promise<{ rows: InboxRow[]; next: string | null }>;
  one(actor: AgentActor, conversationId: number): Promise<InboxRow>;
  counts(actor: AgentActor): Promise<{ mine: number; queue: number; unread: number; longestWaitSince: Date | null }>;
}

export interface Presence {
  /** A user's channel is held by somebody: online now; a pending offline is cancelled. An agent's line is drained. */
  held(userId: number): Promise<void>;
  /** A user's channel was left: offline is told at `dueAt` unless it is held again before. */
  left(userId: number, dueAt: Date): Promise<void>;
  /** Users whose offline is due, at most `limit`; claimed so that two processes do not take the same. */
  takeDue(limit: number): Promise<number[]>;
  /** Last word on a due user, after the channel's occupancy was asked. Emits `user.offline` when it is so. */
  settle(userId: number, stillHeld: boolean): Promise<void>;
  /** Everyone who is online by our view, for the reconciliation with `GET /channels`; or those of `only` who are. */
  online(
    only?: readonly number[],
  ): Promise<{ userId: number; kind: 'visitor' | 'member' | 'agent'; businessId: number; channel: string | null }[]>;
}

/** A written page. `html` is only taken, sanitised, where there is no `source`: the source is what is rendered. */
export interface WrittenPage {
  title: string;
  source: string;
  html: string;
}

/** What a business tells its visitors: often asked questions, pages, greetings. Whoever changes it is a manager. */
export interface Content {
  /** By id; with `search` those whose question or answer holds it. */
  faqs(businessId: number, search?: string): Promise<Faq[]>;
  faq(businessId: number, id: number): Promise<Faq | null>;
  /** What there is, without its texts. */
  offered(businessId: number): Promise<{ tabs: Pick<Tab, 'id' | 'title'>[]; hasFaqs: boolean }>;
  /**
   * Adds one, or changes the one with this id.
   * @throws DomainError `forbidden`, `not_found`, `invalid`, `conflict` (the question is there already)
   */
  saveFaq(actor: AgentActor, id: number | null, page: WrittenPage): Promise<Faq>;
  tabs(businessId: number): Promise<Tab[]>;
  tab(businessId: number, id: number): Promise<Tab | null>;
  /** At most 10 of a business. @throws DomainError as `saveFaq`; `conflict` for one too many */
  saveTab(actor: AgentActor, id: number | null, page: WrittenPage): Promise<Tab>;
  /** The agent's own greeting, in use at once; an empty one is the business's again. */
  setGreeting(actor: AgentActor, text: string): Promise<void>;
  /**
   * A visitor asks one of the questions: question and answer are written into the conversation.
   * @throws DomainError `not_found`, and what `messages.send` throws
   */
  ask(actor: VisitorActor, conversationId: number, faqId: number): Promise<Faq>;
}

export interface LeaveMessages {
  /** @throws DomainError `invalid`, `empty_message` */
  leave(businessId: number, message: Omit<LeaveMessage, 'id' | 'businessId' | 'createdAt'>): Promise<LeaveMessage>;
  /** The newest first. */
  list(
    actor: AgentActor,
    page: { beforeId: number | null; limit: number },
  ): Promise<{ items: LeaveMessage[]; next: number | null }>;
}

/** Agents' WeChat, for when they are away (WoLive's `wolive_weixin`). */
export interface Weixin {
  bindingOf(actor: AgentActor): Promise<WeixinBinding | null>;
  /** One an agent: a new one takes the place of the old. @throws DomainError `invalid` */
  bind(actor: AgentActor, openId: string): Promise<WeixinBinding>;
  unbind(actor: AgentActor): Promise<void>;
  /** A code that binds whoever brings it, once; an earlier one of this agent is void. */
  makeCode(actor: AgentActor): Promise<{ code: string; expiresInS: number }>;
  /** Null: nobody's code, or too old. @throws DomainError `invalid` for what is no open id */
  bindByCode(code: string, openId: string): Promise<WeixinBinding | null>;
  /**
   * What agents who are away have not heard: claimed so that two processes do not take the same. Of one conversation an
   * agent is told once in five minutes.
   */
  takeDue(limit: number): Promise<AbsenceNotice[]>;
  /** `failed` is tried again later, for about half an hour; `refused` never. */
  settle(notice: AbsenceNotice, outcome: 'sent' | 'failed' | 'refused'): Promise<void>;
}

export interface WeixinBinding {
  id: number;
  userId: number;
  openId: string;
}

/** A visitor wrote to an agent who is away. */
export interface AbsenceNotice {
  conversationId: number;
  /** The agent. */
  userId: number;
  openId: string;
  /** The latest message that it is about. */
  seq: number;
  /** How often it was tried, this time included. */
  attempts: number;
  businessName: string;
  visitorName: string;
  /** The beginning of what was said; of a business that encrypts nothing of it. */
  preview: string;
  writtenAt: Date;
  /** The business's. */
  timezone: string;
}
