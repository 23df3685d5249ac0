import type { ApiMessage, ApiMessageBody } from '../../../src/front-doors/console-api/wire.ts';
import type { OutgoingMessage } from './outgoing-messages.ts';

/** What a thread shows, top to bottom. `key` stays the same while a thing is the same on the screen. */
export type TimelineItem =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'notice'; key: string; message: ApiMessage & { body: { type: 'system' } } }
  | TimelineGroup;

/** What one person said without much of a pause. */
export interface TimelineGroup {
  kind: 'group';
  key: string;
  /** `in` from the customer, `out` from an agent. */
  direction: 'in' | 'out';
  own: boolean;
  senderName: string;
  senderAvatar: string;
  at: string;
  entries: TimelineEntry[];
}

/** What a person says, of whatever kind. */
export type SaidBody = Exclude<ApiMessageBody, { type: 'system' }>;

export interface TimelineEntry {
  key: string;
  /** Null until the server has it. */
  seq: number | null;
  /** What was said. */
  body: SaidBody;
  at: string;
  state: 'received' | 'uploading' | 'pending' | 'sent' | 'delivered' | 'read' | 'failed';
  /** For what is not with the server yet. */
  outgoing: OutgoingMessage | null;
}

export interface TimelineInput {
  messages: readonly ApiMessage[];
  outgoing: readonly OutgoingMessage[];
  customerReadSeq: number;
  customerDeliveredSeq: number;
  /** The divider stands after this seq; null for none. */
  unreadAfterSeq: number | null;
  me: { id: number; name: string; avatar: string };
  /** Where this page has a file in memory, by its key. */
  previewOf: (fileKey: string) => string | null;
}

/** A longer pause than this begins a new group. */
const GROUP_PAUSE_MS = 3 * 60_000;

export function buildTimeline(input: TimelineInput): TimelineItem[] {
  const items: TimelineItem[] = [];
  let day = '';
  const dividerAfter = dividerSeq(input);
  let dividerDue = dividerAfter !== null;
  let latest: { group: TimelineGroup; senderId: number | null; at: number } | null = null;

  function beginDay(at: string): void {
    const newDay = new Date(at).toDateString();
    if (newDay === day) return;
    day = newDay;
    latest = null;
    items.push({ kind: 'day', key: `day:${newDay}`, at });
  }

  function place(
    senderId: number | null,
    entry: TimelineEntry,
    opening: Omit<TimelineGroup, 'kind' | 'key' | 'entries'>,
  ) {
    const at = Date.parse(entry.at);
    if (latest !== null && latest.senderId === senderId && at - latest.at < GROUP_PAUSE_MS) {
      latest.group.entries.push(entry);
      latest.at = at;
      return;
    }
    const group: TimelineGroup = { kind: 'group', key: `group:${entry.key}`, ...opening, entries: [entry] };
    items.push(group);
    latest = { group, senderId, at };
  }

  for (const message of input.messages) {
    beginDay(message.createdAt);
    if (dividerDue && message.senderRole === 'customer' && message.seq > (dividerAfter ?? 0)) {
      dividerDue = false;
      latest = null;
      items.push({ kind: 'unread', key: 'unread' });
    }
    if (message.body.type === 'system') {
      latest = null;
      items.push({ kind: 'notice', key: `m:${message.id}`, message: { ...message, body: message.body } });
      continue;
    }
    place(message.senderId, entryOf(message, message.body, input), {
      direction: message.senderRole === 'customer' ? 'in' : 'out',
      own: message.senderId === input.me.id,
      senderName: message.senderName,
      senderAvatar: message.senderAvatar,
      at: message.createdAt,
    });
  }
  for (const outgoing of input.outgoing) {
    beginDay(outgoing.createdAt);
    const { id, name, avatar } = input.me;
    const opening = {
      direction: 'out',
      own: true,
      senderName: name,
      senderAvatar: avatar,
      at: outgoing.createdAt,
    } as const;
    place(id, outgoingEntry(outgoing), opening);
  }
  return items;
}

/** Null while the last read message is not held: where the unread begins is then further up. */
function dividerSeq({ messages, unreadAfterSeq }: TimelineInput): number | null {
  const first = messages[0];
  if (first === undefined || unreadAfterSeq === null || first.seq > unreadAfterSeq + 1) return null;
  return unreadAfterSeq;
}

function entryOf(message: ApiMessage, body: SaidBody, input: TimelineInput): TimelineEntry {
  const own = message.senderId === input.me.id;
  return {
    // An own message keeps the key it had while it was on its way.
    key: own && message.clientId !== null ? `c:${message.clientId}` : `m:${message.id}`,
    seq: message.seq,
    body: fromMemory(body, input.previewOf),
    at: message.createdAt,
    state: message.senderRole === 'customer' ? 'received' : reached(message.seq, input),
    outgoing: null,
  };
}

function reached(seq: number, { customerReadSeq, customerDeliveredSeq }: TimelineInput): 'sent' | 'delivered' | 'read' {
  if (seq <= customerReadSeq) return 'read';
  return seq <= customerDeliveredSeq ? 'delivered' : 'sent';
}

/** A picture that this page sent itself it need not load. */
function fromMemory(body: SaidBody, previewOf: TimelineInput['previewOf']): SaidBody {
  if (body.type !== 'image') return body;
  const url = previewOf(body.content.key);
  return url === null ? body : { ...body, content: { ...body.content, url } };
}

const STATES: Record<OutgoingMessage['state']['kind'], TimelineEntry['state']> = {
  uploading: 'uploading',
  sending: 'pending',
  stuck: 'failed',
  refused: 'failed',
};

function outgoingEntry(outgoing: OutgoingMessage): TimelineEntry {
  return {
    key: `c:${outgoing.clientId}`,
    seq: null,
    body: outgoing.body,
    at: outgoing.createdAt,
    state: STATES[outgoing.state.kind],
    outgoing,
  };
}
