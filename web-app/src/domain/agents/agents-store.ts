import type { Work } from '../../db/unit-of-work.ts';
import type { AgentLevel, ManualStatus } from '../model.ts';
import type { AgentCredentials } from '../services.ts';
import type { AgentRecord } from './agent-record.ts';

interface AgentRow {
  id: number;
  business_id: number;
  uid: string;
  nickname: string;
  avatar: string;
  user_name: string;
  level: AgentLevel;
  phone: string;
  email: string;
  manual_status: ManualStatus;
  max_conversations: number;
  last_assigned_at: Date | null;
  online: boolean;
  load: number;
  greeting: string;
}

/** Load is counted, never kept: under the agent's row lock it is exact. */
const selectAgents = `
  select u.id, u.business_id, u.uid, u.nickname, u.avatar, a.user_name, a.level, a.phone, a.email, a.manual_status,
         a.max_conversations, a.last_assigned_at, coalesce(p.online, false) as online,
         coalesce((select g.content from greetings g where g.user_id = a.user_id), '') as greeting,
         (select count(*) from episodes e where e.agent_id = a.user_id and e.closed_at is null) as load
    from agents a join users u on u.id = a.user_id left join presence p on p.user_id = a.user_id`;

function toAgent(row: AgentRow): AgentRecord {
  return {
    id: row.id,
    businessId: row.business_id,
    uid: row.uid,
    kind: 'agent',
    nickname: row.nickname,
    avatar: row.avatar,
    userName: row.user_name,
    level: row.level,
    phone: row.phone,
    email: row.email,
    manualStatus: row.manual_status,
    online: row.online,
    maxConversations: row.max_conversations,
    greeting: row.greeting,
    load: row.load,
    lastAssignedAt: row.last_assigned_at,
  };
}

/** The line that an agent may serve. */
export interface Line {
  teamId: number;
  businessId: number;
  /** The business's default team, number 0. */
  isDefault: boolean;
}

/**
 * Who serves a line: the team's members; a default team to which nobody was given is everybody's. Only those who are
 * there: somebody holds their channel, and they have not called themselves away.
 */
const servesLine = `
  p.online and a.manual_status <> 'offline' and a.business_id = :businessId and (
    exists (select 1 from team_agents ta where ta.team_id = :teamId and ta.user_id = a.user_id and ta.online)
    or (:isDefault and not exists (select 1 from team_agents ta where ta.team_id = :teamId)))`;

export interface NewAgentRow {
  userId: number;
  businessId: number;
  userName: string;
  passwordHash: string;
  level: AgentLevel;
  phone?: string;
  email?: string;
  maxConversations?: number;
}

/** What an agent is called, as columns of the two tables; absent ones stay. */
export interface AgentRows {
  user: { nickname?: string; avatar?: string };
  agent: { user_name?: string; phone?: string; email?: string };
}

export type AgentsStore = ReturnType<typeof createAgentsStore>;

export function createAgentsStore(work: Work) {
  const { db } = work;

  async function select(where: string, bindings: object): Promise<AgentRecord[]> {
    const { rows } = await db.raw<{ rows: AgentRow[] }>(`${selectAgents} where ${where} order by a.user_id`, {
      ...bindings,
    });
    return rows.map(toAgent);
  }

  return {
    find: async (userId: number): Promise<AgentRecord | null> => {
      const [agent] = await select('a.user_id = :userId', { userId });
      return agent ?? null;
    },

    list: (businessId: number) => select('a.business_id = :businessId', { businessId }),

    /** Those of these ids. */
    listOf: (businessId: number, ids: readonly number[]) =>
      select('a.business_id = :businessId and a.user_id = any(:ids)', { businessId, ids: [...ids] }),

    serving: (line: Line) => select(servesLine, line),

    /**
     * The same, with their rows locked, so that their load cannot change before commit. Locks are taken in the order
     * of ids by everybody who takes more than one; load is read by a second statement, which sees what those before
     * us committed.
     */
    lockServing: async (line: Line): Promise<AgentRecord[]> => {
      const { rows } = await db.raw<{ rows: { user_id: number }[] }>(
        `select a.user_id from agents a join presence p on p.user_id = a.user_id
          where ${servesLine} order by a.user_id for no key update of a`,
        { ...line },
      );
      if (rows.length === 0) return [];
      return select(`a.user_id = any(:ids) and ${servesLine}`, { ...line, ids: rows.map((row) => row.user_id) });
    },

    lock: async (businessId: number, userId: number): Promise<AgentRecord | null> => {
      await db.raw('select 1 from agents where user_id = ? for no key update', [userId]);
      const [agent] = await select('a.user_id = :userId and a.business_id = :businessId', { userId, businessId });
      return agent ?? null;
    },

    noteAssigned: async (userId: number): Promise<void> => {
      await db.raw('update agents set last_assigned_at = clock_timestamp() where user_id = ?', [userId]);
    },

    /** False when it was so already. */
    setManualStatus: async (businessId: number, userId: number, status: ManualStatus): Promise<boolean> => {
      const changed = await db('agents')
        .where({ user_id: userId, business_id: businessId })
        .whereNot({ manual_status: status })
        .update({ manual_status: status, version: db.raw('version + 1') });
      return changed > 0;
    },

    isEmpty: async (): Promise<boolean> => {
      const row = await db('agents').first<{ user_id: number } | undefined>('user_id');
      return row === undefined;
    },

    create: async (agent: NewAgentRow): Promise<void> => {
      await db('agents').insert({
        user_id: agent.userId,
        business_id: agent.businessId,
        user_name: agent.userName,
        password_hash: agent.passwordHash,
        level: agent.level,
        phone: agent.phone ?? '',
        email: agent.email ?? '',
        ...(agent.maxConversations === undefined ? {} : { max_conversations: agent.maxConversations }),
      });
    },

    /** @throws a violation of `agents_user_name_once` */
    describe: async (businessId: number, userId: number, { user, agent }: AgentRows): Promise<void> => {
      if (Object.keys(user).length > 0) await db('users').where({ business_id: businessId, id: userId }).update(user);
      await db('agents')
        .where({ business_id: businessId, user_id: userId })
        .update({ ...agent, version: db.raw('version + 1') });
    },

    /** Sessions that began before are no sessions any more. */
    setPassword: async (businessId: number, userId: number, passwordHash: string): Promise<void> => {
      await db('agents')
        .where({ business_id: businessId, user_id: userId })
        .update({
          password_hash: passwordHash,
          sessions_valid_from: db.raw('clock_timestamp()'),
          version: db.raw('version + 1'),
        });
    },

    credentials: async (userName: string): Promise<AgentCredentials | null> => {
      const row = await db('agents').whereRaw('lower(user_name) = lower(?)', [userName]).first<
        | {
            user_id: number;
            business_id: number;
            level: AgentLevel;
            password_hash: string;
            sessions_valid_from: Date;
          }
        | undefined
      >('user_id', 'business_id', 'level', 'password_hash', 'sessions_valid_from');
      return row === undefined
        ? null
        : {
            userId: row.user_id,
            businessId: row.business_id,
            level: row.level,
            passwordHash: row.password_hash,
            sessionsValidFrom: row.sessions_valid_from,
          };
    },
  };
}
