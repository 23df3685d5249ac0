import { z } from 'zod';
import { widgetSettings } from '../../domain/businesses/widget-settings.ts';

/**
 * The wire of `/api/v1`: what console, widget and backends send and get. These schemas are the single source for
 * validation and for the browsers' types. JSON, camelCase, ISO 8601 times in UTC. Errors: `application/problem+json`.
 */

/** `seq` is a 32-bit integer in the database. */
const MAX_SEQ = 2_147_483_647;
const text = (max: number) => z.string().trim().min(1).max(max);
const optionalText = (max: number) => z.string().max(max).optional();
/** Only what is certainly wrong is refused: people's addresses and numbers are odder than any pattern. Empty: not said. */
const emailAddress = z
  .string()
  .trim()
  .max(254)
  .regex(/^(?:[^\s@]+@[^\s@]+)?$/, 'must be an email address');
const phoneNumber = z
  .string()
  .trim()
  .max(32)
  .regex(/^(?:[+\d][\d\s()./-]{3,})?$/, 'must be a phone number');

/** `POST /visitor-session`: how the widget begins, and resumes after every reload. */
export const visitorSessionRequest = z.object({
  businessId: text(64),
  /** The site's own id of the visitor; absent: the widget's own `w-…` id, made by the server. */
  visitorId: optionalText(200),
  /** What an earlier answer gave; proves the id. */
  token: optionalText(200),
  /** Hex HMAC-SHA256 of `visitorId` with the business's identity secret; proves the id too. */
  hash: optionalText(128),
  name: optionalText(64),
  avatar: optionalText(1024),
  /** How to reach the visitor; absent or empty: what is known stays. */
  email: emailAddress.optional(),
  phone: phoneNumber.optional(),
  page: z.string().max(2048).default(''),
  referrer: z.string().max(2048).default(''),
  locale: z.string().max(35).default(''),
  team: z.int().min(0).max(1_000_000).default(0),
  /** True for a hidden frame of a returning visitor: answers what there is, assigns nobody. */
  passive: z.boolean().default(false),
});
export type VisitorSessionRequest = z.input<typeof visitorSessionRequest>;

/** `POST /session`. */
export const signInRequest = z.object({ userName: text(64), password: z.string().min(1).max(256) });
export type SignInRequest = z.input<typeof signInRequest>;

/** `PUT /me/status`. */
export const statusRequest = z.object({ status: z.enum(['online', 'busy', 'offline']) });
export type StatusRequest = z.input<typeof statusRequest>;

const sent = {
  clientId: z.string().min(1).max(64),
  /** The page a visitor writes from. */
  page: optionalText(2048),
};
/** What `POST /files` answered. */
const fileKey = z.string().regex(/^[0-9a-f]{32}$/, 'must be the key of a file');
const address = z.string().max(2048).default('');
const words = z.string().max(1000).default('');

/** `POST /conversations/:id/messages`. `clientId` makes a repeated send harmless. */
export const sendMessageRequest = z.discriminatedUnion('type', [
  z.object({ ...sent, type: z.literal('text'), content: z.object({ text: z.string() }) }),
  z.object({ ...sent, type: z.enum(['image', 'file']), content: z.object({ key: fileKey }) }),
  z.object({
    ...sent,
    type: z.literal('voice'),
    content: z.object({ key: fileKey, durationMs: z.number().min(0).max(600_000) }),
  }),
  z.object({
    ...sent,
    type: z.literal('card'),
    content: z.object({ pid: words, url: address, image: address, title: words, info: words, price: words }),
  }),
]);
export type SendMessageRequest = z.input<typeof sendMessageRequest>;

/** `POST /conversations/:id/read`. */
export const readRequest = z.object({ seq: z.int().min(0).max(MAX_SEQ) });
export type ReadRequest = z.input<typeof readRequest>;

/** `POST /conversations/:id/delivered`: the caller's devices have got everything up to `seq`. */
export const deliveredRequest = z.object({ seq: z.int().min(0).max(MAX_SEQ) });
export type DeliveredRequest = z.input<typeof deliveredRequest>;

/** `POST /conversations/:id/transfer`: to an agent, or into a team's line. */
export const transferRequest = z
  .object({ agentId: z.int().positive().optional(), teamNumber: z.int().min(0).max(1_000_000).optional() })
  .refine(({ agentId, teamNumber }) => (agentId === undefined) !== (teamNumber === undefined), {
    path: ['agentId'],
    message: 'name either agentId or teamNumber',
  });
export type TransferRequest = z.input<typeof transferRequest>;

/** `POST /conversations/:id/calls`. */
export const callRequest = z.object({ kind: z.enum(['audio', 'video']) });
export type CallRequest = z.input<typeof callRequest>;

/** `POST /conversations/:id/rating`. */
export const ratingRequest = z.object({
  score: z.int().min(1).max(5),
  comment: z.string().trim().max(1000).default(''),
});
export type RatingRequest = z.input<typeof ratingRequest>;

/** `GET /conversations/:id/transcript`. */
export const transcriptQuery = z.object({ format: z.enum(['text', 'html']).default('text') });

/** `PUT /settings/widget`: all of them; what is left out is the default again. */
export const widgetSettingsRequest = z.object(widgetSettings.shape);

/** `GET /tabs`, and the business of `GET /faqs/:id`. */
export const businessQuery = z.object({ business_id: text(64) });

/** `GET /faqs`: with `q` those whose question or answer holds it. */
export const faqsQuery = z.object({ business_id: text(64), q: z.string().max(100).default('') });

/** `POST /leave-messages`. */
export const leaveMessageRequest = z.object({
  businessId: text(64),
  name: z.string().max(255).default(''),
  phone: z.string().max(255).default(''),
  email: z.string().max(255).default(''),
  content: z.string(),
  page: z.string().max(2048).default(''),
});
export type LeaveMessageRequest = z.input<typeof leaveMessageRequest>;

/** `GET /leave-messages`. */
export const leaveMessagesQuery = z.object({
  after: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be the next of an earlier answer')
    .transform(Number)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** `GET /conversations`. */
export const conversationsQuery = z.object({
  view: z.enum(['mine', 'queue', 'all']).default('mine'),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** `GET /conversations/:id/messages`: at most one of the two bounds; none = the newest. Ascending by `seq`. */
export const messagesQuery = z
  .object({
    after_seq: z.coerce.number().int().min(0).max(MAX_SEQ).optional(),
    before_seq: z.coerce.number().int().min(1).max(MAX_SEQ).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine((query) => query.after_seq === undefined || query.before_seq === undefined, {
    message: 'after_seq and before_seq exclude each other',
  });

interface ApiPerson {
  id: number;
  name: string;
  avatar: string;
}

export interface ApiAgent extends ApiPerson {
  /** The debounced view of the agent's consoles. */
  online: boolean;
}

/** `GET /agents`: whom a conversation may be given to. */
export interface ApiColleague extends ApiAgent {
  level: 'super_manager' | 'manager' | 'service';
  /** The agent's own choice; reachable is who is `online` and not `offline` here. */
  status: 'online' | 'busy' | 'offline';
  /** Open conversations now. */
  load: number;
  maxConversations: number;
}

/** The signed-in agent. */
export interface ApiMe extends ApiAgent {
  /** The same number as `id`, by WoLive's name. */
  serviceId: number;
  userName: string;
  level: 'super_manager' | 'manager' | 'service';
  status: 'online' | 'busy' | 'offline';
  maxConversations: number;
  load: number;
  business: ApiBusiness;
  /** Sent back as the header `X-CSRF-Token` with everything that changes something. */
  csrfToken: string;
  pusher: ApiRealtime;
  channels: { own: string; notices: string; business: string };
  /**
   * Only of a business with `legacy_public_channels`: the names under which everything that the agent is told, what
   * visitors write included, can be read by whoever knows the public key.
   */
  publicChannels?: string[];
}

export interface ApiBusiness {
  businessId: string;
  name: string;
  locale: string;
}

/** Where a browser finds the realtime server. `encrypted`: channels are end-to-end encrypted, use pusher-js's encryption build. */
export interface ApiRealtime {
  key: string;
  host: string;
  port: number;
  scheme: 'http' | 'https';
  encrypted: boolean;
}

/** `GET /config?business_id=`. */
export interface ApiConfig {
  pusher: ApiRealtime;
  business: ApiBusiness & {
    theme: { accent: string };
    /** 'closed' = the site no longer takes questions. */
    state: 'open' | 'closed';
    /** Somebody could answer now. */
    online: boolean;
    greeting: string;
    offlineText: string;
    widget: ApiWidgetSettings;
    /** Voice messages, and calls. */
    features: { audio: boolean; video: boolean; voice: boolean };
    /** Pages of the business's own; `GET /tabs` has their texts. */
    tabs: Pick<ApiTab, 'id' | 'title'>[];
    /** There is something in `GET /faqs`. */
    hasFaqs: boolean;
  };
}

/** What `GET /config.js` hands to the widget's loader: all that it needs before a visitor opens the chat. */
export interface ApiLauncherSettings extends Pick<
  ApiWidgetSettings,
  'accent' | 'position' | 'title' | 'launcherText' | 'avatar' | 'consent' | 'proactive'
> {
  /** The panel may ask for microphone and camera: calls or voice messages are on. */
  media: boolean;
}

/** `GET` and `PUT /settings/widget`. */
export type ApiWidgetSettings = z.output<typeof widgetSettings>;

/** `GET /faqs`. */
export interface ApiFaq {
  id: number;
  question: string;
}

/** `GET /faqs/:id`, and `POST /conversations/:id/faqs/:faqId`. The HTML is safe as it is. */
export interface ApiFaqAnswer extends ApiFaq {
  answerHtml: string;
}

/** `GET /tabs`. The HTML is safe as it is. */
export interface ApiTab {
  id: number;
  title: string;
  contentHtml: string;
}

/** `GET /leave-messages`, for agents. */
export interface ApiLeaveMessage {
  id: number;
  /** The visitor who left it, where that was shown. */
  userId: number | null;
  name: string;
  phone: string;
  email: string;
  content: string;
  page: string;
  createdAt: string;
}

export interface ApiVisitorSession {
  visitorId: string;
  userId: number;
  name: string;
  /** Null when this call had no right to learn it. */
  token: string | null;
  /**
   * How things stand: `offline` = nobody is there, what is written waits; `blocked` = not served;
   * `idle` = nothing is open and somebody is there (only to a passive call: any other would have asked for an agent).
   */
  state: 'assigned' | 'waiting' | 'offline' | 'blocked' | 'idle';
  conversation: ApiVisitorConversation | null;
  agent: ApiAgent | null;
  /** 1 = next; null when not waiting. */
  place: number | null;
  /** About how many seconds until then, by the team's last waits; null when not waiting, and while nothing is known. */
  estimateS: number | null;
  /** How far an agent's devices have got what was said, for ticks; 0 without a conversation. */
  deliveredSeq: number;
  greeting: string;
  offlineText: string;
  pusher: ApiRealtime;
  /** `agent` (presence of the assigned agent) is null without one. */
  channels: { own: string; agent: string | null };
}

/** A visitor's own conversation (`GET /conversations/:id` and `POST …/close` answer it to a visitor). */
export interface ApiVisitorConversation {
  id: number;
  state: 'none' | 'waiting' | 'open' | 'closed';
  lastSeq: number;
  /** The visitor's own cursor. */
  readSeq: number;
  /** How far an agent has read, and how far an agent's devices have got it, for ticks. */
  agentReadSeq: number;
  agentDeliveredSeq: number;
}

/** `POST /conversations/:id/read`: where the caller's cursor stands now. */
export interface ApiReadCursor {
  readSeq: number;
}

/** `POST /conversations/:id/delivered`: where the caller's cursor stands now. */
export interface ApiDeliveredCursor {
  deliveredSeq: number;
}

/** `url` is a path of this server, `size` in bytes. */
export interface ApiMessageFile {
  key: string;
  url: string;
  name: string;
  size: number;
}

export type ApiMessageBody =
  | { type: 'text'; content: { text: string } }
  | { type: 'image'; content: ApiMessageFile & { width: number; height: number } }
  | { type: 'file'; content: ApiMessageFile }
  | { type: 'voice'; content: ApiMessageFile & { durationMs: number } }
  | {
      type: 'card';
      content: { pid: string; url: string; image: string; title: string; info: string; price: string };
    }
  | {
      type: 'call';
      content: { kind: 'audio' | 'video'; outcome: 'ended' | 'missed' | 'refused'; durationS: number };
    }
  | {
      type: 'system';
      content:
        | { notice: 'assigned'; agentName: string }
        | { notice: 'closed'; by: 'agent' | 'customer' | 'system' }
        | { notice: 'transferred'; agentName: string; byName: string }
        | { notice: 'rating_requested' }
        | { notice: 'rated'; score: number };
    };

/** `POST /files`, multipart, field `file`. `width` and `height` in pixels, of images that browsers show. */
export interface ApiFile extends ApiMessageFile {
  /** What its bytes are. */
  type: string;
  width: number | null;
  height: number | null;
}

/** For the browser's `RTCPeerConnection`. */
export interface ApiIceServer {
  urls: string | string[];
  username?: string;
  credential?: string;
}

/** `POST /calls/:room/accept`. */
export interface ApiCallAnswer {
  iceServers: ApiIceServer[];
}

/** `GET /calls/ringing`. */
export interface ApiRinging {
  call: { room: string; conversationId: number; kind: 'audio' | 'video'; name: string; avatar: string } | null;
}

/** `POST /conversations/:id/calls`. */
export interface ApiCall extends ApiCallAnswer {
  room: string;
}

export interface ApiMessage {
  id: number;
  conversationId: number;
  seq: number;
  senderId: number | null;
  senderRole: 'customer' | 'agent' | 'system';
  senderName: string;
  senderAvatar: string;
  clientId: string | null;
  createdAt: string;
  body: ApiMessageBody;
}

export interface ApiCustomer extends ApiPerson {
  visitorId: string;
  /** What the visitor, or the site for them, said; empty while unknown. */
  email: string;
  phone: string;
  /** The channel name without prefix; `geton`/`logout` events name it in `chas`. */
  channel: string;
  online: boolean;
  page: string;
  referrer: string;
  ip: string;
  locale: string;
  device: { browser: string; os: string; type: 'desktop' | 'mobile' | 'tablet' | 'unknown' };
  firstSeenAt: string;
  lastSeenAt: string;
}

export interface ApiConversation {
  id: number;
  state: 'none' | 'waiting' | 'open' | 'closed';
  customer: ApiCustomer;
  agent: ApiAgent | null;
  lastSeq: number;
  lastMessage: ApiMessage | null;
  lastMessageAt: string | null;
  /** For the agent who asks. */
  unread: number;
  customerReadSeq: number;
  customerDeliveredSeq: number;
  /** The customer is not served. */
  blacklisted: boolean;
  /** What the customer gave the latest episode, 1–5; null: nothing. */
  rating: number | null;
  waitingSince: string | null;
  createdAt: string;
}

/** A page of a list: `next` goes into `?after=`. */
export interface ApiPage<T> {
  items: T[];
  next: string | null;
}

/** `GET /conversations/counts`. */
export interface ApiCounts {
  mine: number;
  queue: number;
  unread: number;
  longestWaitSince: string | null;
}

/** `application/problem+json`. `code` is stable; `errors` names fields. */
export interface ApiProblem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: { field: string; message: string }[];
}
