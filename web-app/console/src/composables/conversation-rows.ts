import type { ApiConversation, ApiMe, ApiMessage } from '../../../src/front-doors/console-api/wire.ts';
import type { InboxView } from '../api/console-api.ts';

/**
 * Rules for the rows of the inbox, as functions on plain data. A row is never changed in place: each rule answers the
 * same row when nothing changed, else a new one.
 */
type Row = ApiConversation;

/** The agent's own cursor, from what the row tells of it. */
export function readSeqOf(row: Row): number {
  return row.lastSeq - row.unread;
}

/**
 * What is known after a row was read from the server. Messages and cursors only ever move forward, so the further side
 * wins; the rest is as fetched, unless what is known was read later (`outdated`).
 */
export function mergeRow(known: Row | undefined, fetched: Row, outdated: boolean): Row {
  if (known === undefined) return fetched;
  const { lastSeq, lastMessage, lastMessageAt } = known.lastSeq > fetched.lastSeq ? known : fetched;
  const readSeq = Math.max(readSeqOf(known), readSeqOf(fetched));
  return {
    ...(outdated ? known : fetched),
    lastSeq,
    lastMessage,
    lastMessageAt,
    customerReadSeq: Math.max(known.customerReadSeq, fetched.customerReadSeq),
    customerDeliveredSeq: Math.max(known.customerDeliveredSeq, fetched.customerDeliveredSeq),
    unread: Math.max(0, lastSeq - readSeq),
  };
}

/**
 * A message came. Sending moves the sender's cursor to it; a notice of the system is no preview, and nothing to read
 * for somebody who had read everything.
 */
export function withMessage(row: Row, message: ApiMessage, ownId: number): Row {
  const own = message.senderId === ownId;
  const notice = message.senderRole === 'system';
  if (message.seq <= row.lastSeq) return own ? withOwnRead(row, message.seq) : row;
  return {
    ...row,
    lastSeq: message.seq,
    lastMessage: notice ? row.lastMessage : message,
    lastMessageAt: message.createdAt,
    unread: own || (notice && row.unread === 0) ? 0 : message.seq - readSeqOf(row),
    customerReadSeq: message.senderRole === 'customer' ? message.seq : row.customerReadSeq,
  };
}

export function withOwnRead(row: Row, seq: number): Row {
  const unread = Math.max(0, row.lastSeq - Math.max(readSeqOf(row), seq));
  return unread === row.unread ? row : { ...row, unread };
}

export function withCustomerRead(row: Row, seq: number): Row {
  return seq > row.customerReadSeq ? { ...row, customerReadSeq: seq } : row;
}

export function withCustomerDelivered(row: Row, seq: number): Row {
  return seq > row.customerDeliveredSeq ? { ...row, customerDeliveredSeq: seq } : row;
}

export function withRating(row: Row, score: number): Row {
  return row.rating === score ? row : { ...row, rating: score };
}

export function withCustomerPresence(row: Row, channel: string, online: boolean): Row {
  if (row.customer.channel !== channel || row.customer.online === online) return row;
  return { ...row, customer: { ...row.customer, online } };
}

export function withAgentPresence(row: Row, agentId: number, online: boolean): Row {
  if (row.agent === null || row.agent.id !== agentId || row.agent.online === online) return row;
  return { ...row, agent: { ...row.agent, online } };
}

export function belongsTo(view: InboxView, row: Row, ownId: number): boolean {
  switch (view) {
    case 'mine':
      return isOwn(row, ownId);
    case 'queue':
      return row.state === 'waiting';
    case 'all':
      return true;
    default:
      return view satisfies never;
  }
}

/** The queue: who waits longest first. Else: the newest first. Ties go by id, so that rows never swap for nothing. */
export function sortRows(view: InboxView, rows: readonly Row[]): Row[] {
  const since = (row: Row) => row.waitingSince ?? row.createdAt;
  const latest = (row: Row) => row.lastMessageAt ?? row.createdAt;
  return view === 'queue'
    ? rows.toSorted((a, b) => compare(since(a), since(b)) || a.id - b.id)
    : rows.toSorted((a, b) => compare(latest(b), latest(a)) || b.id - a.id);
}

/** ISO times in UTC sort as text. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether customers' messages in it are this agent's to answer. */
export function isOwn(row: Row, ownId: number): boolean {
  return row.state === 'open' && row.agent?.id === ownId;
}

/** Whether the agent may give it away, ask for a rating and the like: their own, and for managers anybody's. */
export function mayHandle(row: Row, me: Pick<ApiMe, 'id' | 'level'>): boolean {
  return row.state === 'open' && (row.agent?.id === me.id || me.level !== 'service');
}

/** What the agent may do in a conversation, and why not more. */
export type Standing =
  | { kind: 'mine' }
  | { kind: 'claimable' }
  | { kind: 'others'; agentName: string }
  | { kind: 'closed' }
  | { kind: 'idle' };

export function standingOf(row: Row, ownId: number): Standing {
  switch (row.state) {
    case 'open':
      if (row.agent === null) return { kind: 'idle' };
      return row.agent.id === ownId ? { kind: 'mine' } : { kind: 'others', agentName: row.agent.name };
    case 'waiting':
      return { kind: 'claimable' };
    case 'closed':
      return { kind: 'closed' };
    case 'none':
      return { kind: 'idle' };
    default:
      return row.state satisfies never;
  }
}
