import type { ApiMessage, ApiMessageBody } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import type { Timeline } from './timeline.ts';

/** A message of the visitor's that no server has acknowledged. */
export interface PendingMessage {
  clientId: string;
  text: string;
  /** When it was written, in milliseconds. */
  at: number;
  state: { kind: 'sending'; slow: boolean } | { kind: 'failed'; code: string };
}

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
  state: 'received' | 'sending' | 'sent' | 'read' | 'failed';
  /** Why it failed; empty otherwise. */
  code: string;
  /** It has been on its way for a while. */
  slow: boolean;
  seq: number | null;
  body: SaidBody;
  at: Date | null;
  name: string;
  avatar: string;
  /** Of those that one person said in a row. */
  first: boolean;
  last: boolean;
}

export type Row =
  { kind: 'day'; key: string; day: Date } | { kind: 'notice'; key: string; notice: Notice; at: Date } | MessageRow;

export interface Conversation {
  timeline: Timeline;
  pending: readonly PendingMessage[];
  greeting: Greeting | null;
  /** Up to where an agent has read. */
  agentReadSeq: number;
  /** Whether the timeline begins with the conversation's first message. */
  complete: boolean;
}

/** Messages of one person that are closer than this stand together. */
const GROUP_MS = 180_000;

/** What the log shows, top to bottom: days, notices, the greeting, messages, and last those still on their way. */
export function rowsOf({ timeline, pending, greeting, agentReadSeq, complete }: Conversation): Row[] {
  const rows: Row[] = [];
  const known = new Set(timeline.map(({ clientId }) => clientId));
  const greetingFits = greeting !== null && greeting.text !== '' && (greeting.afterSeq > 0 || complete);
  let greeted = !greetingFits;
  const greet = () => {
    if (greetingFits) rows.push(greetingRow(greeting));
    greeted = true;
  };
  for (const message of timeline) {
    addDay(rows, new Date(message.createdAt));
    if (!greeted && greeting && message.seq > greeting.afterSeq) greet();
    rows.push(rowOf(message, agentReadSeq));
  }
  for (const message of pending) {
    if (known.has(message.clientId)) continue;
    addDay(rows, new Date(message.at));
    if (!greeted) greet();
    rows.push(pendingRow(message));
  }
  if (!greeted) greet();
  return grouped(rows);
}

function addDay(rows: Row[], at: Date): void {
  const before = rows.findLast((row) => row.kind === 'day');
  if (before?.day.toDateString() === at.toDateString()) return;
  rows.push({ kind: 'day', key: `day ${at.toDateString()} ${rows.length}`, day: at });
}

function rowOf(message: ApiMessage, agentReadSeq: number): Row {
  const { seq, body, senderRole } = message;
  const at = new Date(message.createdAt);
  if (body.type === 'system') return { kind: 'notice', key: `seq ${seq}`, notice: body.content, at };
  const out = senderRole === 'customer';
  return {
    ...blank,
    // The same key as while it was on its way, so that its bubble stays the same element.
    key: out && message.clientId ? message.clientId : `seq ${seq}`,
    direction: out ? 'out' : 'in',
    state: !out ? 'received' : seq <= agentReadSeq ? 'read' : 'sent',
    seq,
    body,
    at,
    name: message.senderName,
    avatar: message.senderAvatar,
  };
}

function pendingRow({ clientId, text, at, state }: PendingMessage): MessageRow {
  return {
    ...blank,
    key: clientId,
    direction: 'out',
    state: state.kind,
    code: state.kind === 'failed' ? state.code : '',
    slow: state.kind === 'sending' && state.slow,
    body: { type: 'text', content: { text } },
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
