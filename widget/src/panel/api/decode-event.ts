import type { ApiMessage } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { WireAgentCard, WireEvents, WireMessage } from '../../../../web-app/src/realtime/wire-events.ts';

/** What happened on the visitor's channels, as the panel takes it. */
export type ChatEvent =
  | { kind: 'message'; message: ApiMessage }
  /** Something was said that the event could not carry whole: it is read from the store. */
  | { kind: 'missed' }
  | { kind: 'delivered'; seq: number }
  | { kind: 'typing'; typing: boolean }
  | { kind: 'read'; by: 'customer' | 'agent'; seq: number }
  | { kind: 'place'; place: number | null }
  | { kind: 'agent'; agent: WireAgentCard }
  | { kind: 'greeting'; text: string }
  | { kind: 'conversation' }
  | { kind: 'presence'; online: boolean };

type Fields = Record<string, unknown>;

/** @returns null for what concerns nobody here, such as pusher's own events */
export function decodeEvent(name: string, data: unknown): ChatEvent | null {
  const fields = asFields(data);
  switch (name as keyof WireEvents | 'client-typing') {
    case 'my-event':
    case 'message':
      return decodeMessage(fields['message']);
    case 'read':
      return isCount(fields['readSeq'])
        ? { kind: 'read', by: fields['readerRole'] === 'agent' ? 'agent' : 'customer', seq: fields['readSeq'] }
        : null;
    case 'delivered':
      return isCount(fields['deliveredSeq']) && fields['role'] === 'agent'
        ? { kind: 'delivered', seq: fields['deliveredSeq'] }
        : null;
    case 'client-typing':
      return fields['role'] === 'agent' ? { kind: 'typing', typing: fields['typing'] === true } : null;
    case 'place':
      return isCount(fields['place']) ? { kind: 'place', place: fields['place'] || null } : null;
    case 'cu_notice':
      return decodeAgent(asFields(fields['message']));
    case 'first_word':
      return decodeGreeting(asFields(fields['message']));
    case 'conversation':
      return { kind: 'conversation' };
    case 'geton':
      return { kind: 'presence', online: true };
    case 'logout':
      return { kind: 'presence', online: false };
    case 'cu-event':
    case 'on_notice':
    case 'agent':
      return null;
    default:
      return null;
  }
}

function decodeMessage(value: unknown): ChatEvent {
  const fields = asFields(value);
  const { type, content } = asFields(fields['body']);
  const whole =
    isCount(fields['id']) &&
    isCount(fields['seq']) &&
    typeof fields['createdAt'] === 'string' &&
    fields['truncated'] !== true &&
    hasContent(type, asFields(content));
  return whole ? { kind: 'message', message: value as WireMessage } : { kind: 'missed' };
}

/** Whether a body holds what its kind is shown by; what this panel does not know is read from the store, as nothing. */
function hasContent(type: unknown, content: Fields): boolean {
  switch (type as WireMessage['body']['type']) {
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

function decodeGreeting({ content }: Fields): ChatEvent | null {
  return typeof content === 'string' ? { kind: 'greeting', text: content } : null;
}

function decodeAgent(fields: Fields): ChatEvent {
  if (!isCount(fields['id']) || typeof fields['name'] !== 'string') return { kind: 'conversation' };
  const { id, name, avatar, online } = fields as Fields & { id: number; name: string };
  return {
    kind: 'agent',
    agent: { id, name, avatar: typeof avatar === 'string' ? avatar : '', online: online === true },
  };
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
