/**
 * What travels on the realtime channels: event names and the exact shape of their data. Console and widget import
 * these types. WoLive's fields (spec wolive, Realtime events) and our own stand side by side inside `message`.
 *
 * Channels of a business (prefix `private-`, or `private-encrypted-` when it encrypts):
 * `kefu{agentId}` and `ud{agentId}` an agent's, `all{slug}` its agents', `cu{visitor channel}` a visitor's,
 * `se{agentId}` the visitors' of that agent, `talk{conversationId}` both sides' client events.
 */
export interface WireEvents {
  /** On `kefu`: a visitor wrote. */
  'cu-event': { message: WireMessage & LegacyVisitorMessage };
  /** On `cu`: an agent wrote. */
  'my-event': { message: WireMessage & LegacyAgentMessage };
  /** On `kefu` and `cu`: a message the listener has not got by the two above: its own from another tab, or the system's. */
  message: { message: WireMessage };
  /** On `kefu` and `cu`: somebody read up to `readSeq`. */
  read: { conversationId: number; readerId: number; readerRole: 'customer' | 'agent'; readSeq: number };
  /** On `kefu` and `cu`: somebody's devices have got everything up to `deliveredSeq`. */
  delivered: { conversationId: number; userId: number; role: 'customer' | 'agent'; deliveredSeq: number };
  /** On `kefu`: the customer rated the conversation, or changed the rating. */
  rating: { conversationId: number; score: number };
  /**
   * On `kefu` or `cu`: the other side calls. WoLive's five fields (`message` words for people, `channel` the visitor's,
   * `cid` the call's id) and our own.
   */
  video: {
    message: string;
    channel: string;
    avatar: string;
    username: string;
    cid: string;
    room: string;
    kind: 'audio' | 'video';
    conversationId: number;
  };
  /** On `kefu` and `cu`: the call was answered, in one of the callee's tabs. */
  'video-accept': { message: { room: string; conversationId: number } };
  /** On `kefu` and `cu`: the call is over, or was never answered. */
  'video-refuse': { message: { room: string; conversationId: number; reason: 'refused' | 'missed' | 'ended' } };
  /** On `kefu` (old and new agents), `cu` and `all`: the conversation is now so; read it again if you show it. */
  conversation: {
    conversationId: number;
    state: 'none' | 'waiting' | 'open' | 'closed';
    agentId: number | null;
  };
  /** On `cu`: your place in the line; 0 when you wait no more. */
  place: { place: number };
  /** On `cu`: you were claimed; the agent's row (WoLive) with our card. */
  cu_notice: {
    message: WireAgentCard & {
      service_id: number;
      nick_name: string;
      user_name: string;
      business_id: string;
      avatar: string;
      level: 'super_manager' | 'manager' | 'service';
      parent_id: number;
      state: 'online' | 'offline';
    };
  };
  /** On `cu`: the greeting. */
  first_word: { message: { avatar: string; content: string } };
  /** On `ud`: a visitor was assigned to you (WoLive's visitor row). On `all`: somebody waits or was claimed. */
  on_notice: { message: Record<string, unknown> };
  /** On `kefu`: a visitor came (`chas`: its channel). On `se`: the agent came. */
  geton: { message: { chas: string } | 'online' };
  logout: { message: { chas: string } | 'offline' };
  /** On `all`: an agent's availability changed. */
  agent: { agentId: number; online: boolean; status: 'online' | 'busy' | 'offline' };
}

export interface WireMessage {
  /** Present when the text is only a beginning: an event is at most 10 KB, the rest is read from the store by `seq`. */
  truncated?: true;
  id: number;
  conversationId: number;
  seq: number;
  senderId: number | null;
  senderRole: 'customer' | 'agent' | 'system';
  senderName: string;
  senderAvatar: string;
  clientId: string | null;
  createdAt: string;
  body: WireBody;
}

/** `url` is a path of web-app, `size` in bytes. */
interface WireFile {
  key: string;
  url: string;
  name: string;
  size: number;
}

export type WireBody =
  | { type: 'text'; content: { text: string } }
  | { type: 'image'; content: WireFile & { width: number; height: number } }
  | { type: 'file'; content: WireFile }
  | { type: 'voice'; content: WireFile & { durationMs: number } }
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

export interface WireAgentCard {
  id: number;
  name: string;
  avatar: string;
  online: boolean;
}

/** `timestamp` is Unix seconds. */
export interface LegacyVisitorMessage {
  visiter_id: string;
  service_id: number;
  business_id: string;
  channel: string;
  content: string;
  avatar: string;
  record: string;
  timestamp: number;
}

export interface LegacyAgentMessage {
  visiter_id: string;
  service_id: number;
  business_id: string;
  content: string;
  avatar: string;
  direction: 'to_visiter';
  timestamp: number;
}
