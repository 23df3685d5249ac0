import type { CallKind } from './call-types.ts';

/** What the server tells of calls. */
export type CallEvent =
  | CallOffer
  | { kind: 'accepted'; room: string; conversationId: number }
  | { kind: 'ended'; room: string; conversationId: number; reason: 'refused' | 'missed' | 'ended' };

export interface CallOffer {
  kind: 'offer';
  room: string;
  conversationId: number;
  callKind: CallKind;
  /** Who calls. */
  name: string;
  avatar: string;
}

/** `video`, `video-accept` and `video-refuse`; null for everything else. */
export function asCallEvent(name: string, data: unknown): CallEvent | null {
  switch (name) {
    case 'video':
      return asOffer(asFields(data));
    case 'video-accept': {
      const call = namedCall(asFields(asFields(data)['message']));
      return call && { kind: 'accepted', ...call };
    }
    case 'video-refuse': {
      const fields = asFields(asFields(data)['message']);
      const call = namedCall(fields);
      const { reason } = fields;
      return call && { kind: 'ended', ...call, reason: reason === 'refused' || reason === 'missed' ? reason : 'ended' };
    }
    default:
      return null;
  }
}

function asOffer(fields: Record<string, unknown>): CallOffer | null {
  const call = namedCall(fields);
  const { kind, username, avatar } = fields;
  if (call === null || (kind !== 'audio' && kind !== 'video')) return null;
  return {
    kind: 'offer',
    ...call,
    callKind: kind,
    name: typeof username === 'string' ? username : '',
    avatar: typeof avatar === 'string' ? avatar : '',
  };
}

function namedCall({ room, conversationId }: Record<string, unknown>): { room: string; conversationId: number } | null {
  if (typeof room !== 'string' || !Number.isSafeInteger(conversationId)) return null;
  return { room, conversationId: conversationId as number };
}

function asFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
