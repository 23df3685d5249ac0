import type { Work } from '../../db/unit-of-work.ts';

/** As WebChat numbers a request's status. */
export const requestStatus = { waiting: 0, accepted: 1, cancelled: 7 } as const;

/** One wait in a team's line. */
export interface WaitRequest {
  id: number;
  businessId: number;
  conversationId: number;
  teamId: number;
  priority: number;
  origin: string;
  /** Agents who gave the customer away: they get them again only when there is nobody else. */
  refusedBy: number[];
}

interface RequestRow {
  id: number;
  business_id: number;
  conversation_id: number;
  team_id: number;
  priority: number;
  origin: string;
  refused_by: number[];
}

const columns = ['id', 'business_id', 'conversation_id', 'team_id', 'priority', 'origin', 'refused_by'] as const;

function toRequest(row: RequestRow): WaitRequest {
  return {
    id: row.id,
    businessId: row.business_id,
    conversationId: row.conversation_id,
    teamId: row.team_id,
    priority: row.priority,
    origin: row.origin,
    refusedBy: row.refused_by,
  };
}

/** How many of the last waits an estimate looks at. */
const ESTIMATE_WAITS = 20;

export interface Place {
  requestId: number;
  conversationId: number;
  /** 1 = next. */
  place: number;
}

export function createRequestsStore({ db }: Work) {
  async function end(where: string, bindings: object): Promise<WaitRequest | null> {
    const { rows } = await db.raw<{ rows: RequestRow[] }>(
      `update requests set status = :status, ended_at = clock_timestamp() where ${where} and status = 0
       returning ${columns.join(', ')}`,
      { ...bindings },
    );
    const [row] = rows;
    return row === undefined ? null : toRequest(row);
  }

  return {
    add: async (request: Omit<WaitRequest, 'id'> & { customerId: number }): Promise<WaitRequest> => {
      const [row] = await db('requests')
        .insert({
          business_id: request.businessId,
          conversation_id: request.conversationId,
          customer_id: request.customerId,
          team_id: request.teamId,
          priority: request.priority,
          origin: request.origin,
          refused_by: request.refusedBy,
        })
        .returning<RequestRow[]>(columns);
      if (row === undefined) throw new Error('The request was not stored.');
      return toRequest(row);
    },

    /** The conversation's wait ends so; null when it waits no more. Of two who take it, one gets it. */
    end: (conversationId: number, status: number) =>
      end('conversation_id = :conversationId', { conversationId, status }),

    /**
     * Takes whoever is first of those whom one of `free` may get; one that somebody is just taking is passed over. Who
     * gave a customer away gets them again only when nobody else of `serving` is there.
     */
    takeFirst: (teamId: number, { free, serving }: { free: readonly number[]; serving: readonly number[] }) =>
      end(
        `id = (select id from requests where team_id = :teamId and status = 0
                  and (not :free::bigint[] <@ refused_by or :serving::bigint[] <@ refused_by)
                order by priority desc, id limit 1 for update skip locked)`,
        { teamId, free: [...free], serving: [...serving], status: requestStatus.accepted },
      ),

    setEpisode: async (id: number, episodeId: number | null): Promise<void> => {
      await db('requests').where({ id }).update({ episode_id: episodeId });
    },

    /** They asked again. False: they wait no more. */
    touch: async (conversationId: number): Promise<boolean> => {
      const touched = await db('requests')
        .where({ conversation_id: conversationId, status: 0 })
        .update({ last_seen_at: db.raw('now()') });
      return touched > 0;
    },

    waiting: async (teamId: number): Promise<number> => {
      const { rows } = await db.raw<{ rows: { waiting: number }[] }>(
        'select count(*) as waiting from requests where team_id = ? and status = 0',
        [teamId],
      );
      return rows[0]?.waiting ?? 0;
    },

    /** Null when it does not wait. */
    placeOf: async (conversationId: number): Promise<{ place: number; waiting: number } | null> => {
      const { rows } = await db.raw<{ rows: { place: number; waiting: number }[] }>(
        `select count(*) filter (where o.priority > r.priority or (o.priority = r.priority and o.id <= r.id)) as place,
                count(*) as waiting
           from requests r join requests o on o.team_id = r.team_id and o.status = 0
          where r.conversation_id = ? and r.status = 0 group by r.id`,
        [conversationId],
      );
      return rows[0] ?? null;
    },

    /**
     * How many seconds who waits may still wait: the mean of the last waits in that line that ended with an agent, less
     * what has passed. Null when it does not wait, or nobody did before.
     */
    estimate: async (conversationId: number): Promise<number | null> => {
      const { rows } = await db.raw<{ rows: { seconds: number | null }[] }>(
        `select ceil(greatest(0, avg(extract(epoch from w.ended_at - w.created_at))
                  - extract(epoch from now() - r.created_at)))::int as seconds
           from requests r cross join lateral (
             select created_at, ended_at from requests o where o.team_id = r.team_id and o.status = 1
              order by ended_at desc limit :waits) w
          where r.conversation_id = :conversationId and r.status = 0 group by r.id`,
        { conversationId, waits: ESTIMATE_WAITS },
      );
      return rows[0]?.seconds ?? null;
    },

    /**
     * Everybody's place in a line, those left out whom somebody is taking right now: their rows stay locked until
     * commit, so that nobody hears of a place after they were taken.
     */
    places: async (teamId: number): Promise<Place[]> => {
      const { rows } = await db.raw<{ rows: Place[] }>(
        `with line as (
           select id, conversation_id, row_number() over (order by priority desc, id) as place
             from requests where team_id = :teamId and status = 0
         ), free as (
           select id from requests where team_id = :teamId and status = 0 order by id for share skip locked
         )
         select l.id as "requestId", l.conversation_id as "conversationId", l.place
           from line l join free f on f.id = l.id order by l.place`,
        { teamId },
      );
      return rows;
    },

    /** Teams of a business in whose line somebody waits. */
    teamsWaiting: async (businessId: number): Promise<number[]> => {
      const { rows } = await db.raw<{ rows: { team_id: number }[] }>(
        'select distinct team_id from requests where business_id = ? and status = 0 order by team_id',
        [businessId],
      );
      return rows.map((row) => row.team_id);
    },
  };
}
