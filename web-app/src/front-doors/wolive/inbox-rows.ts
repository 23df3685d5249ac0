import type { AgentActor } from '../../domain/actor.ts';
import type { Business, InboxRow } from '../../domain/model.ts';
import type { Services } from '../../domain/services.ts';
import { messageWords } from '../../wolive-wire/message-html.ts';
import { queueRow, visiterRow } from './rows.ts';

/** WoLive answers whole lists; nobody works with more than this. */
const MAX_ROWS = 1000;
const PAGE = 200;

export async function wholeInbox(services: Services, agent: AgentActor, view: 'mine' | 'queue'): Promise<InboxRow[]> {
  const rows: InboxRow[] = [];
  let cursor: string | null = null;
  do {
    const page = await services.inbox.list(agent, { view, cursor, limit: PAGE });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null && rows.length < MAX_ROWS);
  return rows;
}

/** A visitor's row with the place in the queue, and the last message in words. */
export function listedVisiter(row: InboxRow, business: Business) {
  const queue = queueRow(row.conversation, row.customer, row, business);
  return {
    ...visiterRow(row.customer, business),
    qid: queue.qid,
    service_id: queue.service_id,
    queue,
    content: row.lastMessage === null ? '' : messageWords(row.lastMessage),
    count: row.unread,
  };
}

/** 1 on line with unread, 2 off line with unread, 3 on line, 4 off line. */
export function listOrder(row: InboxRow): number {
  return (row.unread > 0 ? 1 : 3) + (row.customer.online ? 0 : 1);
}

/** As `listOrder` says; within one the newest first. */
export function sortedForList(rows: InboxRow[]): InboxRow[] {
  const newest = (row: InboxRow) => (row.conversation.lastMessageAt ?? row.conversation.createdAt).getTime();
  return rows.toSorted((a, b) => listOrder(a) - listOrder(b) || newest(b) - newest(a));
}
