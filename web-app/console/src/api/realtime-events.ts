import type { WireBody, WireEvents, WireMessage } from '../../../src/realtime/wire-events.ts';

/** What the realtime server may tell a console, in the console's words. */
export type RealtimeEvent =
  | { type: 'message'; message: WireMessage }
  /** A message too large for an event: it has to be read from the store. */
  | { type: 'message-announced'; conversationId: number; seq: number }
  | ({ type: 'read' } & WireEvents['read'])
  | ({ type: 'delivered' } & WireEvents['delivered'])
  /** The customer rated, or changed the rating. */
  | ({ type: 'rating' } & WireEvents['rating'])
  /** The customer writes, or has stopped. */
  | { type: 'typing'; conversationId: number; typing: boolean }
  | ({ type: 'conversation' } & Pick<WireEvents['conversation'], 'conversationId' | 'agentId'>)
  /** The waiting line moved. */
  | { type: 'line-moved' }
  /** Somebody was assigned to this agent. */
  | { type: 'assigned' }
  /** `channel` is the visitor's channel name without prefix. */
  | { type: 'visitor-presence'; channel: string; online: boolean }
  | ({ type: 'agent' } & WireEvents['agent']);

export type ChannelRole = 'own' | 'notices' | 'business';

/**
 * Decodes an event of `WireEvents`. What this console does not know, or what is not shaped as promised, is null: a later
 * server may send more, and the next re-reading finds what was missed.
 */
export function decodeRealtimeEvent(role: ChannelRole, name: string, data: unknown): RealtimeEvent | null {
  if (!isRecord(data)) return null;
  switch (name as keyof WireEvents) {
    case 'cu-event':
    case 'message':
      return decodeMessage(data['message']);
    case 'read':
      return decodeRead(data);
    case 'delivered':
      return decodeDelivered(data);
    case 'rating':
      return decodeRating(data);
    case 'conversation':
      return decodeConversation(data);
    case 'on_notice':
      return role === 'notices' ? { type: 'assigned' } : { type: 'line-moved' };
    case 'geton':
    case 'logout':
      return decodeVisitorPresence(name === 'geton', data['message']);
    case 'agent':
      return decodeAgent(data);
    case 'my-event':
    case 'place':
    case 'cu_notice':
    case 'first_word':
      // Visitors' events.
      return null;
    default:
      return null;
  }
}

/** The same for what comes on the channel of both sides; any other client event is null. */
export function decodeTalkEvent(conversationId: number, name: string, data: unknown): RealtimeEvent | null {
  if (name !== 'client-typing' || !isRecord(data) || data['role'] !== 'customer') return null;
  return { type: 'typing', conversationId, typing: data['typing'] === true };
}

function decodeMessage(message: unknown): RealtimeEvent | null {
  if (!isRecord(message)) return null;
  const { conversationId, seq } = message;
  if (!isId(conversationId) || !isId(seq)) return null;
  if (isWireMessage(message)) return { type: 'message', message };
  return { type: 'message-announced', conversationId, seq };
}

function isWireMessage(message: Record<string, unknown>): message is Record<string, unknown> & WireMessage {
  const { id, createdAt, senderRole, body } = message;
  if (!isId(id) || typeof createdAt !== 'string' || typeof senderRole !== 'string') return false;
  if (!isRecord(body) || !isRecord(body['content'])) return false;
  return hasContent(body['type'], body['content']);
}

/** Whether a body holds what its kind is shown by. */
function hasContent(type: unknown, content: Record<string, unknown>): boolean {
  switch (type as WireBody['type']) {
    case 'text':
      return typeof content['text'] === 'string';
    case 'image':
    case 'file':
    case 'voice':
      return typeof content['url'] === 'string' && typeof content['name'] === 'string';
    case 'card':
      return typeof content['title'] === 'string' && typeof content['url'] === 'string';
    case 'call':
      return typeof content['outcome'] === 'string';
    case 'system':
      return typeof content['notice'] === 'string';
    default:
      return false;
  }
}

function decodeRead(data: Record<string, unknown>): RealtimeEvent | null {
  const { conversationId, readerId, readerRole, readSeq } = data;
  if (!isId(conversationId) || !isId(readerId) || typeof readSeq !== 'number') return null;
  if (readerRole !== 'customer' && readerRole !== 'agent') return null;
  return { type: 'read', conversationId, readerId, readerRole, readSeq };
}

function decodeDelivered(data: Record<string, unknown>): RealtimeEvent | null {
  const { conversationId, userId, role, deliveredSeq } = data;
  if (!isId(conversationId) || !isId(userId) || typeof deliveredSeq !== 'number') return null;
  if (role !== 'customer' && role !== 'agent') return null;
  return { type: 'delivered', conversationId, userId, role, deliveredSeq };
}

function decodeRating({ conversationId, score }: Record<string, unknown>): RealtimeEvent | null {
  if (!isId(conversationId) || typeof score !== 'number') return null;
  return { type: 'rating', conversationId, score };
}

function decodeConversation({ conversationId, agentId }: Record<string, unknown>): RealtimeEvent | null {
  if (!isId(conversationId)) return null;
  return { type: 'conversation', conversationId, agentId: isId(agentId) ? agentId : null };
}

function decodeVisitorPresence(online: boolean, message: unknown): RealtimeEvent | null {
  if (!isRecord(message) || typeof message['chas'] !== 'string') return null;
  return { type: 'visitor-presence', channel: message['chas'], online };
}

function decodeAgent(data: Record<string, unknown>): RealtimeEvent | null {
  const { agentId, online, status } = data;
  if (!isId(agentId) || typeof online !== 'boolean') return null;
  if (status !== 'online' && status !== 'busy' && status !== 'offline') return null;
  return { type: 'agent', agentId, online, status };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
