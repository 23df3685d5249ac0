import type { Work } from '../../db/unit-of-work.ts';
import type { User } from '../model.ts';

/** How long a process has to ask for the occupancy of what it took; then another may. */
const CLAIM_SECONDS = 10;

/** Who somebody is, for telling that they came or went. */
export interface Presentee {
  userId: number;
  businessId: number;
  businessSlug: string;
  kind: User['kind'];
  channel: string | null;
  /** The agents in the visitor's conversations. */
  agentIds: number[];
}

export interface OnlineUser {
  userId: number;
  kind: User['kind'];
  businessId: number;
  channel: string | null;
}

export function createPresenceStore({ db }: Work) {
  return {
    /** True: online already, and no offline pending. */
    isSettledOnline: async (userId: number): Promise<boolean> => {
      const row = await db('presence')
        .where({ user_id: userId, online: true, offline_due_at: null })
        .first<{ user_id: number } | undefined>('user_id');
      return row !== undefined;
    },

    /** True: was not online before. An unknown user is nobody. */
    setOnline: async (userId: number): Promise<boolean> => {
      await db.raw(
        `insert into presence (user_id, business_id) select id, business_id from users where id = ?
         on conflict (user_id) do nothing`,
        [userId],
      );
      const { rows } = await db.raw<{ rows: { was_online: boolean }[] }>(
        `with before as (select user_id, online from presence where user_id = ? for update)
         update presence p
            set online = true, offline_due_at = null, offline_claimed_until = null,
                changed_at = case when before.online then p.changed_at else clock_timestamp() end
           from before where p.user_id = before.user_id
         returning before.online as was_online`,
        [userId],
      );
      return rows[0]?.was_online === false;
    },

    /** The first leaving counts: a repeated webhook postpones nothing. */
    setDue: async (userId: number, dueAt: Date): Promise<void> => {
      await db.raw(
        `update presence set offline_due_at = least(coalesce(offline_due_at, :dueAt), :dueAt)
          where user_id = :userId and online`,
        { userId, dueAt },
      );
    },

    takeDue: async (limit: number): Promise<number[]> => {
      const { rows } = await db.raw<{ rows: { user_id: number }[] }>(
        `update presence set offline_claimed_until = now() + make_interval(secs => :seconds)
          where user_id in (
            select user_id from presence
             where offline_due_at <= now() and (offline_claimed_until is null or offline_claimed_until < now())
             order by offline_due_at limit :limit for update skip locked)
         returning user_id`,
        { limit, seconds: CLAIM_SECONDS },
      );
      return rows.map((row) => row.user_id);
    },

    /** True: has just become offline. Not so when they came back after `takeDue`. */
    setOffline: async (userId: number): Promise<boolean> => {
      const changed = await db('presence')
        .where({ user_id: userId, online: true })
        .whereNotNull('offline_claimed_until')
        .update({
          online: false,
          changed_at: db.raw('clock_timestamp()'),
          offline_due_at: null,
          offline_claimed_until: null,
        });
      return changed > 0;
    },

    keepOnline: async (userId: number): Promise<void> => {
      await db('presence').where({ user_id: userId }).update({ offline_due_at: null, offline_claimed_until: null });
    },

    describe: async (userId: number): Promise<Presentee | null> => {
      const { rows } = await db.raw<{ rows: Presentee[] }>(
        `select u.id as "userId", u.business_id as "businessId", b.slug as "businessSlug",
                case when v.user_id is not null then 'visitor' else u.kind end as kind, v.channel,
                coalesce((select array_agg(distinct a.id) from conversations c, unnest(c.agent_ids) as a (id)
                           where c.business_id = u.business_id and c.customer_id = u.id and c.kind = 'service'),
                         '{}') as "agentIds"
           from users u join businesses b on b.id = u.business_id left join visitors v on v.user_id = u.id
          where u.id = ?`,
        [userId],
      );
      return rows[0] ?? null;
    },

    /** Null: everybody. */
    online: async (only: readonly number[] | null): Promise<OnlineUser[]> => {
      const { rows } = await db.raw<{ rows: OnlineUser[] }>(
        `select p.user_id as "userId", case when v.user_id is not null then 'visitor' else u.kind end as kind,
                p.business_id as "businessId", v.channel
           from presence p join users u on u.id = p.user_id left join visitors v on v.user_id = p.user_id
          where p.online and (:only::bigint[] is null or p.user_id = any(:only::bigint[])) order by p.user_id`,
        { only: only && [...only] },
      );
      return rows;
    },
  };
}
