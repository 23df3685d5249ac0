import type { Work } from '../../db/unit-of-work.ts';
import type { Conversation } from '../model.ts';
import type { ConversationRecord } from './conversation-record.ts';

interface ConversationRow {
  id: number;
  business_id: number;
  kind: Conversation['kind'];
  customer_id: number;
  state: Conversation['state'];
  team_id: number;
  agent_id: number | null;
  agent_ids: number[];
  last_agent_id: number | null;
  episode_id: number | null;
  last_seq: number;
  closed_seq: number;
  last_message_at: Date | null;
  created_at: Date;
}

const columns = [
  'id',
  'business_id',
  'kind',
  'customer_id',
  'state',
  'team_id',
  'agent_id',
  'agent_ids',
  'last_agent_id',
  'episode_id',
  'last_seq',
  'closed_seq',
  'last_message_at',
  'created_at',
] as const;

function toConversation(row: ConversationRow): ConversationRecord {
  return {
    id: row.id,
    businessId: row.business_id,
    kind: row.kind,
    customerId: row.customer_id,
    state: row.state,
    teamId: row.team_id,
    agentId: row.agent_id,
    agentIds: row.agent_ids,
    lastAgentId: row.last_agent_id,
    episodeId: row.episode_id,
    lastSeq: row.last_seq,
    closedSeq: row.closed_seq,
    lastMessageAt: row.last_message_at,
    createdAt: row.created_at,
  };
}

/** The widget, WoLive and WebChat share one home; a shop is another. */
const HOME = 0;

export type ConversationsStore = ReturnType<typeof createConversationsStore>;

export function createConversationsStore({ db }: Work) {
  async function one(where: object): Promise<ConversationRecord | null> {
    const row = await db('conversations')
      .where(where)
      .first<ConversationRow | undefined>(...columns);
    return row === undefined ? null : toConversation(row);
  }

  async function change(id: number, values: object): Promise<ConversationRecord> {
    const [row] = await db('conversations')
      .where({ id })
      .update({ ...values, active_at: db.raw('clock_timestamp()'), version: db.raw('version + 1') })
      .returning<ConversationRow[]>(columns);
    if (row === undefined) throw new Error(`Conversation ${id} vanished.`);
    return toConversation(row);
  }

  const ofCustomer = (businessId: number, customerId: number) =>
    one({ business_id: businessId, customer_id: customerId, home_team: HOME, kind: 'service' });

  return {
    find: (businessId: number, id: number) => one({ business_id: businessId, id }),
    ofCustomer,

    /** The threads of these customers that there are. */
    ofCustomers: async (businessId: number, customerIds: readonly number[]): Promise<ConversationRecord[]> => {
      const rows = await db('conversations')
        .where({ business_id: businessId, home_team: HOME, kind: 'service' })
        .whereRaw('customer_id = any(?)', [[...customerIds]])
        .select<ConversationRow[]>(...columns);
      return rows.map(toConversation);
    },

    /** The customer's thread, made when there is none; of two who make it at once, both get the same. */
    ensure: async (businessId: number, customerId: number, teamId: number): Promise<ConversationRecord> => {
      const known = await ofCustomer(businessId, customerId);
      if (known !== null) return known;
      await db.raw(
        `with made as (
           insert into conversations (business_id, kind, customer_id, home_team, team_id)
           values (:businessId, 'service', :customerId, :home, :teamId)
           on conflict (business_id, customer_id, home_team) where kind = 'service' do nothing
           returning id, business_id, customer_id)
         insert into participants (conversation_id, user_id, business_id, role)
         select id, customer_id, business_id, 'customer' from made`,
        { businessId, customerId, home: HOME, teamId },
      );
      const made = await ofCustomer(businessId, customerId);
      if (made === null) throw new Error(`The conversation of user ${customerId} vanished.`);
      return made;
    },

    /** Locked until commit; locks on agents and requests are taken before it. */
    lock: async (id: number): Promise<ConversationRecord> => {
      const row = await db('conversations')
        .where({ id })
        .forNoKeyUpdate()
        .first<ConversationRow | undefined>(...columns);
      if (row === undefined) throw new Error(`Conversation ${id} vanished.`);
      return toConversation(row);
    },

    toWaiting: (conversation: ConversationRecord, { teamId, closedSeq }: { teamId: number; closedSeq: number }) =>
      change(conversation.id, {
        state: 'waiting',
        team_id: teamId,
        closed_seq: closedSeq,
        agent_id: null,
        agent_ids: [],
        episode_id: null,
      }),

    toOpen: (conversation: ConversationRecord, episode: { id: number; teamId: number; agentId: number }) =>
      change(conversation.id, {
        state: 'open',
        team_id: episode.teamId,
        agent_id: episode.agentId,
        agent_ids: [episode.agentId],
        last_agent_id: episode.agentId,
        episode_id: episode.id,
      }),

    /** What came after the close belongs to what is over. */
    settle: async (id: number): Promise<void> => {
      await db('conversations')
        .where({ id, state: 'closed' })
        .update({ closed_seq: db.raw('last_seq') });
    },

    toClosed: (conversation: ConversationRecord) =>
      change(conversation.id, {
        state: 'closed',
        agent_id: null,
        agent_ids: [],
        episode_id: null,
        closed_seq: db.raw('last_seq'),
      }),
  };
}
