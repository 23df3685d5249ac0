import type { Work } from '../../db/unit-of-work.ts';
import { createAgentsStore } from '../agents/agents-store.ts';
import type { Agent, Conversation, InboxRow, Message, MessageContent, Visitor, VisitorDevice } from '../model.ts';
import { encodeCursor } from './inbox-cursor.ts';
import type { InboxCursor } from './inbox-cursor.ts';

/** Conversation, customer, last message and cursors of a row in one statement, its agents in another: no query a row. */
interface Row {
  id: number;
  business_id: number;
  state: Conversation['state'];
  customer_id: number;
  team_id: number;
  agent_id: number | null;
  last_seq: number;
  last_message_at: Date | null;
  created_at: Date;
  customer: Omit<Visitor, 'businessId' | 'kind' | 'device' | 'firstSeenAt' | 'lastSeenAt'> & {
    device: Partial<VisitorDevice>;
  };
  first_seen_at: Date;
  last_seen_at: Date;
  message: (MessageContent & Pick<Message, 'id' | 'seq' | 'senderId' | 'senderRole' | 'clientId'>) | null;
  message_at: Date | null;
  unread: number;
  customer_read_seq: number;
  customer_delivered_seq: number;
  is_blacklisted: boolean;
  rating: number | null;
  waiting_since: Date | null;
  sort_at: string;
  sort_id: number;
}

const inboxColumns = `
  c.id, c.business_id, c.state, c.customer_id, c.team_id, c.agent_id, c.last_seq, c.last_message_at, c.created_at,
  jsonb_build_object('id', cu.id, 'uid', cu.uid, 'nickname', cu.nickname, 'avatar', cu.avatar,
    'email', coalesce(cu.attributes->>'email', ''), 'phone', coalesce(cu.attributes->>'phone', ''),
    'channel', coalesce(cv.channel, ''), 'ip', coalesce(host(cv.ip), ''), 'page', coalesce(cv.page, ''),
    'referrer', coalesce(cv.referrer, ''), 'device', coalesce(cv.device, '{}'), 'locale', coalesce(cv.locale, ''),
    'online', coalesce(cp.online, false)) as customer,
  coalesce(cv.first_seen_at, cu.created_at) as first_seen_at, coalesce(cv.last_seen_at, cu.created_at) as last_seen_at,
  case when m.id is null then null else jsonb_build_object('id', m.id, 'seq', m.seq, 'senderId', m.sender_id,
    'senderRole', m.sender_role, 'clientId', m.client_id, 'type', m.type, 'content', m.content) end as message,
  m.created_at as message_at,
  case when mine.user_id is not null then c.last_seq - mine.read_seq
       when c.state = 'waiting' then c.last_seq - c.closed_seq else 0 end as unread,
  coalesce(theirs.read_seq, 0) as customer_read_seq, coalesce(theirs.delivered_seq, 0) as customer_delivered_seq,
  exists (select 1 from blacklist l where l.business_id = c.business_id and l.user_id = c.customer_id) as is_blacklisted,
  (select g.score from episodes e left join ratings g on g.episode_id = e.id
    where e.conversation_id = c.id order by e.id desc limit 1) as rating, c.waiting_since`;

const inboxJoins = `
  from c
  join users cu on cu.id = c.customer_id
  left join visitors cv on cv.user_id = c.customer_id
  left join presence cp on cp.user_id = c.customer_id
  left join lateral (select * from messages said where said.business_id = c.business_id
    and said.conversation_id = c.id and said.sender_role <> 'system' order by said.seq desc limit 1) m on true
  left join participants mine on mine.conversation_id = c.id and mine.user_id = :agentId and c.state <> 'waiting'
  left join participants theirs on theirs.conversation_id = c.id and theirs.user_id = c.customer_id`;

function toInboxRow(row: Row, agents: ReadonlyMap<number, Agent>): InboxRow {
  const { customer } = row;
  return {
    conversation: {
      id: row.id,
      businessId: row.business_id,
      kind: 'service',
      customerId: row.customer_id,
      state: row.state,
      teamId: row.team_id,
      agentId: row.agent_id,
      lastSeq: row.last_seq,
      lastMessageAt: row.last_message_at,
      createdAt: row.created_at,
    },
    customer: {
      ...customer,
      businessId: row.business_id,
      kind: 'visitor',
      device: {
        browser: customer.device.browser ?? '',
        os: customer.device.os ?? '',
        type: customer.device.type ?? 'unknown',
      },
      firstSeenAt: row.first_seen_at,
      lastSeenAt: row.last_seen_at,
    },
    agent: (row.agent_id === null ? null : agents.get(row.agent_id)) ?? null,
    lastMessage:
      row.message === null || row.message_at === null
        ? null
        : { ...row.message, businessId: row.business_id, conversationId: row.id, createdAt: row.message_at },
    unread: row.unread,
    customerReadSeq: row.customer_read_seq,
    customerDeliveredSeq: row.customer_delivered_seq,
    isBlacklisted: row.is_blacklisted,
    rating: row.rating,
    waitingSince: row.waiting_since,
  };
}

const micro = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Each view walks an index of its own in its own order, from after the cursor; only then is anything joined. */
const views = {
  mine: {
    waitingSince: 'null::timestamptz',
    from: `conversations c
      where c.business_id = :businessId and c.agent_id = :agentId and c.kind = 'service' and c.state = 'open'`,
    at: 'c.active_at',
    id: 'c.id',
    descending: true,
  },
  queue: {
    waitingSince: 'r.created_at',
    from: `requests r join conversations c on c.id = r.conversation_id
      where r.business_id = :businessId and r.status = 0`,
    at: 'r.created_at',
    id: 'r.id',
    descending: false,
  },
  all: {
    waitingSince: '(select r.created_at from requests r where r.conversation_id = c.id and r.status = 0)',
    from: `conversations c where c.business_id = :businessId and c.kind = 'service' and c.state <> 'none'`,
    at: 'c.active_at',
    id: 'c.id',
    descending: true,
  },
} as const;

export type InboxView = keyof typeof views;

export interface InboxAsk {
  businessId: number;
  agentId: number;
}

export interface Counts {
  mine: number;
  queue: number;
  unread: number;
  longestWaitSince: Date | null;
}

export function createInboxView(work: Work) {
  const { db } = work;
  const agents = createAgentsStore(work);

  async function withAgents(businessId: number, rows: readonly Row[]): Promise<InboxRow[]> {
    const ids = new Set(rows.flatMap(({ agent_id: id }) => (id === null ? [] : [id])));
    const found = ids.size === 0 ? [] : await agents.listOf(businessId, [...ids]);
    const byId = new Map(found.map((agent) => [agent.id, agent]));
    return rows.map((row) => toInboxRow(row, byId));
  }

  return {
    page: async (view: InboxView, ask: InboxAsk & { cursor: InboxCursor | null; limit: number }) => {
      const { waitingSince, from, at, id, descending } = views[view];
      const after =
        ask.cursor === null ? '' : `and (${at}, ${id}) ${descending ? '<' : '>'} (:at::timestamptz, :id::bigint)`;
      const order = descending ? 'desc' : 'asc';
      const { rows } = await db.raw<{ rows: Row[] }>(
        `with c as materialized (
           select c.*, ${waitingSince} as waiting_since, ${at} as sort_at, ${id} as sort_id
             from ${from} ${after} order by ${at} ${order}, ${id} ${order} limit :limit)
         select ${inboxColumns}, ${micro('c.sort_at')} as sort_at, c.sort_id ${inboxJoins}
          order by c.sort_at ${order}, c.sort_id ${order}`,
        { businessId: ask.businessId, agentId: ask.agentId, limit: ask.limit + 1, ...ask.cursor },
      );
      const page = rows.slice(0, ask.limit);
      const last = rows.length > ask.limit ? page.at(-1) : undefined;
      const next = last === undefined ? null : encodeCursor({ at: last.sort_at, id: last.sort_id });
      return { rows: await withAgents(ask.businessId, page), next };
    },

    one: async (ask: InboxAsk, conversationId: number): Promise<InboxRow | null> => {
      const { rows } = await db.raw<{ rows: Row[] }>(
        `with c as materialized (
           select c.*, r.created_at as waiting_since
             from conversations c left join requests r on r.conversation_id = c.id and r.status = 0
            where c.business_id = :businessId and c.id = :conversationId and c.kind = 'service')
         select ${inboxColumns}, '' as sort_at, c.id as sort_id ${inboxJoins}`,
        { ...ask, conversationId },
      );
      const [row = null] = await withAgents(ask.businessId, rows);
      return row;
    },

    counts: async (ask: InboxAsk): Promise<Counts> => {
      const { rows } = await db.raw<{ rows: Counts[] }>(
        `select mine.count as mine, mine.unread, line.count as queue, line.since as "longestWaitSince"
           from (select count(*), coalesce(sum(c.last_seq - p.read_seq), 0) as unread
                   from conversations c
                   left join participants p on p.conversation_id = c.id and p.user_id = :agentId
                  where c.business_id = :businessId and c.agent_id = :agentId and c.kind = 'service'
                    and c.state = 'open') mine,
                (select count(*), min(created_at) as since from requests
                  where business_id = :businessId and status = 0) line`,
        { ...ask },
      );
      return rows[0] ?? { mine: 0, queue: 0, unread: 0, longestWaitSince: null };
    },
  };
}
