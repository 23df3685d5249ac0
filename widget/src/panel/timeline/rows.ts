import type { ApiMessage, ApiMessageBody } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { ratingPlace, type Timeline } from './timeline.ts';

/** A message of the visitor's that no server has acknowledged. */
export interface PendingMessage {
  clientId: string;
  /** Of a file that is not uploaded yet: `key` is empty and `url` shows it from memory. */
  body: SentBody;
  /** What is to be uploaded; null for words. */
  file: Blob | null;
  /** When it was written, in milliseconds. */
  at: number;
  /** What was the newest message then: one that waits for its file, or failed, keeps its place after it. */
  afterSeq: number;
  state: { kind: 'uploading'; share: number } | { kind: 'sending'; slow: boolean } | { kind: 'failed'; code: string };
}

/** What a visitor sends. */
export type SentBody = Exclude<ApiMessageBody, { type: 'system' | 'call' }>;

export interface Greeting {
  text: string;
  name: string;
  avatar: string;
  /** It stands after the message with this `seq`; 0 = before all. */
  afterSeq: number;
}

export type Notice = Extract<ApiMessageBody, { type: 'system' }>['content'];

/** What somebody said, of whatever kind. */
export type SaidBody = Exclude<ApiMessageBody, { type: 'system' }>;

export interface MessageRow {
  kind: 'message';
  key: string;
  direction: 'in' | 'out';
  state: 'received' | 'uploading' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed';
  /** Why it failed; empty otherwise. */
  code: string;
  /** It has been on its way for a while. */
  slow: boolean;
  /** How much of its file is uploaded, 0 to 1. */
  share: number;
  seq: number | null;
  body: SaidBody;
  at: Date | null;
  name: string;
  avatar: string;
  /** Of those that one person said in a row. */
  first: boolean;
  last: boolean;
}

export type Row = { kind: 'day'; key: string; day: Date } | NoticeRow | MessageRow;

/** `rate`: here the visitor is asked how it was. */
export interface NoticeRow {
  kind: 'notice';
  key: string;
  notice: Notice;
  at: Date;
  rate: boolean;
}

export interface Conversation {
  timeline: Timeline;
  pending: readonly PendingMessage[];
  greeting: Greeting | null;
  /** Up to where an agent has read. */
  agentReadSeq: number;
  /** Up to where an agent's devices have got what the visitor wrote. */
  agentDeliveredSeq: number;
  /** Pictures and sounds that this page has in memory, by the key of their file. */
  previews: ReadonlyMap<string, string>;
  /** Whether the timeline begins with the conversation's first message. */
  complete: boolean;
}

/** Messages of one person that are closer than this stand together. */
const GROUP_MS = 180_000;

/** What the log shows, top to bottom: days, notices, the greeting, messages, and last those still on their way. */
export function rowsOf(conversation: Conversation): Row[] {
  const { timeline, pending, greeting, complete } = conversation;
  const rateAt = ratingPlace(timeline);
  const rows: Row[] = [];
  const greetingFits = greeting !== null && greeting.text !== '' && (greeting.afterSeq > 0 || complete);
  let greeted = !greetingFits;
  const greet = () => {
    if (greetingFits) rows.push(greetingRow(greeting));
    greeted = true;
  };
  for (const entry of inOrder(timeline, pending)) {
    addDay(rows, new Date('seq' in entry ? entry.createdAt : entry.at));
    if (!greeted && greeting && (!('seq' in entry) || entry.seq > greeting.afterSeq)) greet();
    rows.push('seq' in entry ? rowOf(entry, conversation, rateAt) : pendingRow(entry));
  }
  if (!greeted) greet();
  return grouped(rows);
}

/** What was stored, and what was not: at the end from the first that is being sent, before it where it was written. */
function inOrder(timeline: Timeline, pending: readonly PendingMessage[]): (ApiMessage | PendingMessage)[] {
  const known = new Set(timeline.map(({ clientId }) => clientId));
  let place = 0;
  const waiting = pending
    .filter(({ clientId }) => !known.has(clientId))
    .map((message) => {
      const own = message.state.kind === 'sending' ? Number.MAX_SAFE_INTEGER : message.afterSeq + 0.5;
      place = Math.max(place, own);
      return { message, place };
    });
  return [...timeline.map((message) => ({ message, place: message.seq })), ...waiting]
    .sort((a, b) => a.place - b.place)
    .map(({ message }) => message);
}

function addDay(rows: Row[], at: Date): void {
  const before = rows.findLast((row) => row.kind === 'day');
  if (before?.day.toDateString() === at.toDateString()) return;
  rows.push({ kind: 'day', key: `day ${at.toDateString()} ${rows.length}`, day: at });
}

function rowOf(message: ApiMessage, conversation: Conversation, rateAt: number | null): Row {
  const { seq, body, senderRole } = message;
  const { agentReadSeq, agentDeliveredSeq, previews } = conversation;
  const at = new Date(message.createdAt);
  if (body.type === 'system')
    return { kind: 'notice', key: `seq ${seq}`, notice: body.content, at, rate: seq === rateAt };
  const out = senderRole === 'customer';
  return {
    ...blank,
    // The same key as while it was on its way, so that its bubble stays the same element.
    key: out && message.clientId ? message.clientId : `seq ${seq}`,
    direction: out ? 'out' : 'in',
    state: !out ? 'received' : seq <= agentReadSeq ? 'read' : seq <= agentDeliveredSeq ? 'delivered' : 'sent',
    seq,
    body: fromMemory(body, previews),
    at,
    name: message.senderName,
    avatar: message.senderAvatar,
  };
}

/** What this page sent itself it need not load again. */
function fromMemory(body: SaidBody, previews: Conversation['previews']): SaidBody {
  if (body.type !== 'image' && body.type !== 'voice') return body;
  const url = previews.get(body.content.key);
  return url === undefined ? body : ({ ...body, content: { ...body.content, url } } as SaidBody);
}

function pendingRow({ clientId, body, at, state }: PendingMessage): MessageRow {
  return {
    ...blank,
    key: clientId,
    direction: 'out',
    state: state.kind,
    code: state.kind === 'failed' ? state.code : '',
    slow: state.kind === 'sending' && state.slow,
    share: state.kind === 'uploading' ? state.share : 1,
    body,
    at: new Date(at),
  };
}

function greetingRow({ text, name, avatar }: Greeting): MessageRow {
  return {
    ...blank,
    key: 'greeting',
    direction: 'in',
    state: 'received',
    body: { type: 'text', content: { text } },
    name,
    avatar,
  };
}

const blank = {
  kind: 'message',
  code: '',
  slow: false,
  share: 1,
  seq: null,
  at: null,
  name: '',
  avatar: '',
  first: true,
  last: true,
} as const;

function grouped(rows: Row[]): Row[] {
  return rows.map((row, index) =>
    row.kind === 'message'
      ? { ...row, first: !together(rows[index - 1], row), last: !together(row, rows[index + 1]) }
      : row,
  );
}

function together(a: Row | undefined, b: Row | undefined): boolean {
  if (a?.kind !== 'message' || b?.kind !== 'message') return false;
  if (a.direction !== b.direction || a.name !== b.name) return false;
  if (a.at === null || b.at === null) return true;
  return b.at.getTime() - a.at.getTime() < GROUP_MS;
}
