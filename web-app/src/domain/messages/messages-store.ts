import { laneOf, tell } from '../../db/outbox-writer.ts';
import { run } from '../../db/statement.ts';
import type { Work } from '../../db/unit-of-work.ts';
import type { MessageDelivered, MessageRead } from '../events.ts';
import type { Message, MessageContent, SenderRole } from '../model.ts';
import type { SaidMessage, Standing } from '../services.ts';
import { appendAsBefore, appendStatements } from './append-sql.ts';
import type { SenderKind } from './append-sql.ts';

interface MessageRow {
  id: number;
  business_id: number;
  conversation_id: number;
  seq: number;
  sender_id: number | null;
  sender_role: SenderRole;
  type: MessageContent['type'];
  content: MessageContent['content'];
  client_id: string | null;
  created_at: Date;
}

/** What the database adds to a draft. */
type StoredRow = Pick<MessageRow, 'id' | 'seq' | 'created_at'>;

const columns = [
  'id',
  'business_id',
  'conversation_id',
  'seq',
  'sender_id',
  'sender_role',
  'type',
  'content',
  'client_id',
  'created_at',
] as const;

function toMessage(row: MessageRow): Message {
  return {
    // Type and content were stored together as one member of the union.
    ...({ type: row.type, content: row.content } as MessageContent),
    id: row.id,
    businessId: row.business_id,
    conversationId: row.conversation_id,
    seq: row.seq,
    senderId: row.sender_id,
    senderRole: row.sender_role,
    clientId: row.client_id,
    createdAt: row.created_at,
  };
}

export interface Draft {
  businessId: number;
  conversationId: number;
  sender: { kind: SenderKind; id: number | null };
  body: MessageContent;
  clientId: string | null;
  /** Null: the page where the customer was last seen. */
  page: string | null;
}

/** What a customer says, and how they were found before. */
export interface Saying {
  draft: Draft;
  standing: Standing;
}

/** A message with the agent of its episode. */
type SaidRow = MessageRow & { agent_id: number | null };

const saidColumns = [...columns.map((column) => `messages.${column}`), 'episodes.agent_id'];

function toSaid(row: SaidRow): SaidMessage {
  return { ...toMessage(row), agentId: row.agent_id };
}

export interface Page {
  afterSeq?: number;
  beforeSeq?: number;
  limit: number;
}

export function createMessagesStore(work: Work) {
  const { db } = work;

  /** The newest of a conversation first. */
  const said = (businessId: number, conversationId: number, limit: number) =>
    db('messages')
      .leftJoin('episodes', 'episodes.id', 'messages.episode_id')
      .where({ 'messages.business_id': businessId, 'messages.conversation_id': conversationId })
      .orderBy('messages.seq', 'desc')
      .limit(limit)
      .select<SaidRow[]>(...saidColumns);

  function stored(draft: Draft, { id, seq, created_at: createdAt }: StoredRow): Message {
    const { businessId, conversationId, sender, body, clientId } = draft;
    work.wrote(laneOf(conversationId));
    const { id: senderId, kind: senderRole } = sender;
    return { ...body, id, businessId, conversationId, seq, senderId, senderRole, clientId, createdAt };
  }

  return {
    /**
     * Null: the conversation is not there, or not so that this sender may write into it.
     * @throws a violation of `messages_client_id_once` when the sender used this `clientId` before
     */
    append: async (draft: Draft): Promise<Message | null> => {
      const { businessId, conversationId, sender, body, clientId, page } = draft;
      const [row] = await run<StoredRow>(db, appendStatements[sender.kind], {
        businessId,
        conversationId,
        senderId: sender.id,
        type: body.type,
        content: JSON.stringify(body.content),
        clientId,
        page,
      });
      return row === undefined ? null : stored(draft, row);
    },

    /**
     * Customers' messages, each to a conversation of its own. Null where the conversation is being written to, or
     * anything is not any more as it was found before. @throws as `append`, and then nothing is stored
     */
    appendAsBefore: async (sayings: readonly Saying[]): Promise<(Message | null)[]> => {
      const each = <Value>(of: (saying: Saying) => Value) => sayings.map(of);
      const rows = await run<StoredRow & { conversation_id: number }>(db, appendAsBefore, {
        businessIds: each(({ draft }) => draft.businessId),
        conversationIds: each(({ draft }) => draft.conversationId),
        senderIds: each(({ draft }) => draft.sender.id),
        agentIds: each(({ standing }) => standing.agentId),
        uids: each(({ standing }) => standing.uid),
        proofs: each(({ standing }) => standing.proof),
        tokenHashes: each(({ standing }) => standing.tokenHash),
        types: each(({ draft }) => draft.body.type),
        contents: each(({ draft }) => JSON.stringify(draft.body.content)),
        clientIds: each(({ draft }) => draft.clientId),
        pages: each(({ draft }) => draft.page),
      });
      const byConversation = new Map(rows.map((row) => [row.conversation_id, row]));
      return each(({ draft }) => {
        const row = byConversation.get(draft.conversationId);
        return row === undefined ? null : stored(draft, row);
      });
    },

    findByClientId: async (businessId: number, senderId: number, clientId: string): Promise<Message | null> => {
      const row = await db('messages')
        .where({ business_id: businessId, sender_id: senderId, client_id: clientId })
        .first<MessageRow | undefined>(...columns);
      return row === undefined ? null : toMessage(row);
    },

    /** Ascending by seq. */
    list: async (businessId: number, conversationId: number, page: Page): Promise<Message[]> => {
      const query = db('messages')
        .where({ business_id: businessId, conversation_id: conversationId })
        .select<MessageRow[]>(...columns)
        .limit(page.limit);
      if (page.afterSeq !== undefined) {
        return (await query.where('seq', '>', page.afterSeq).orderBy('seq')).map(toMessage);
      }
      if (page.beforeSeq !== undefined) void query.where('seq', '<', page.beforeSeq);
      return (await query.orderBy('seq', 'desc')).map(toMessage).reverse();
    },

    /** Null: not a participant. `moved` is false when the cursor stood there or further. */
    moveCursor: async (
      conversationId: number,
      userId: number,
      seq: number,
    ): Promise<{ readSeq: number; moved: boolean } | null> => {
      const { rows } = await db.raw<{ rows: { read_seq: number; before: number }[] }>(
        `with p as (
           select p.conversation_id, p.user_id, p.read_seq, least(:seq, c.last_seq) as wanted
             from participants p join conversations c on c.id = p.conversation_id
            where p.conversation_id = :conversationId and p.user_id = :userId for no key update of p)
         update participants t
            set read_seq = greatest(t.read_seq, p.wanted), delivered_seq = greatest(t.delivered_seq, p.wanted)
           from p where t.conversation_id = p.conversation_id and t.user_id = p.user_id
         returning t.read_seq, p.read_seq as before`,
        { conversationId, userId, seq },
      );
      const [row] = rows;
      return row === undefined ? null : { readSeq: row.read_seq, moved: row.read_seq > row.before };
    },

    /** What people said, not the system's notices. */
    before: async (
      businessId: number,
      conversationId: number,
      { messageId, limit }: { messageId: number; limit: number },
    ): Promise<SaidMessage[]> => {
      const query = said(businessId, conversationId, limit).whereNot({ 'messages.type': 'system' });
      // In one conversation ids rise with `seq`.
      if (messageId > 0) void query.where('messages.id', '<', messageId);
      return (await query).map(toSaid).reverse();
    },

    between: async (
      businessId: number,
      conversationId: number,
      { from, to, limit }: { from: Date; to: Date; limit: number },
    ): Promise<SaidMessage[]> => {
      const rows = await said(businessId, conversationId, limit)
        .where('messages.created_at', '>=', from)
        .where('messages.created_at', '<', to);
      return rows.map(toSaid).reverse();
    },

    /** Null: not a participant. */
    moveDelivered: async (
      conversationId: number,
      userId: number,
      seq: number,
    ): Promise<{ deliveredSeq: number; moved: boolean } | null> => {
      const { rows } = await db.raw<{ rows: { delivered_seq: number; before: number }[] }>(
        `with p as (
           select p.conversation_id, p.user_id, p.delivered_seq, least(:seq, c.last_seq) as wanted
             from participants p join conversations c on c.id = p.conversation_id
            where p.conversation_id = :conversationId and p.user_id = :userId for no key update of p)
         update participants t set delivered_seq = greatest(t.delivered_seq, p.wanted)
           from p where t.conversation_id = p.conversation_id and t.user_id = p.user_id
         returning t.delivered_seq, p.delivered_seq as before`,
        { conversationId, userId, seq },
      );
      const [row] = rows;
      return row === undefined ? null : { deliveredSeq: row.delivered_seq, moved: row.delivered_seq > row.before };
    },

    /** The furthest cursors of those on this side. */
    reached: async (conversationId: number, role: 'agent' | 'customer') => {
      const row = await db('participants')
        .where({ conversation_id: conversationId, role })
        .max({ deliveredSeq: 'delivered_seq', readSeq: 'read_seq' })
        .first<{ deliveredSeq: number | null; readSeq: number | null }>();
      return { deliveredSeq: row.deliveredSeq ?? 0, readSeq: row.readSeq ?? 0 };
    },

    unread: async (conversationId: number, userId: number): Promise<number> => {
      const { rows } = await db.raw<{ rows: { unread: number }[] }>(
        `select c.last_seq - p.read_seq as unread from participants p join conversations c on c.id = p.conversation_id
          where p.conversation_id = ? and p.user_id = ?`,
        [conversationId, userId],
      );
      return rows[0]?.unread ?? 0;
    },

    readByAgents: async (conversationId: number): Promise<number> => {
      const row = await db('participants')
        .where({ conversation_id: conversationId, role: 'agent' })
        .max('read_seq as seq')
        .first<{ seq: number | null }>();
      return row.seq ?? 0;
    },

    tellDelivered: (event: MessageDelivered) => tell(work, [{ conversationId: event.to.conversationId, event }]),
    tellRead: (event: MessageRead) => tell(work, [{ conversationId: event.to.conversationId, event }]),
  };
}
