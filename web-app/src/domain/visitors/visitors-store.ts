import type { Work } from '../../db/unit-of-work.ts';
import type { Visitor, VisitorDevice } from '../model.ts';

interface VisitorRow {
  id: number;
  business_id: number;
  uid: string;
  nickname: string;
  avatar: string;
  email: string;
  phone: string;
  channel: string;
  ip: string | null;
  page: string;
  referrer: string;
  device: Partial<VisitorDevice>;
  locale: string;
  online: boolean;
  first_seen_at: Date;
  last_seen_at: Date;
}

const selectVisitors = `
  select u.id, u.business_id, u.uid, u.nickname, u.avatar, coalesce(u.attributes->>'email', '') as email,
         coalesce(u.attributes->>'phone', '') as phone, v.channel, host(v.ip) as ip, v.page, v.referrer, v.device, v.locale,
         coalesce(p.online, false) as online, v.first_seen_at, v.last_seen_at
    from visitors v join users u on u.id = v.user_id left join presence p on p.user_id = v.user_id`;

function toVisitor(row: VisitorRow): Visitor {
  return {
    id: row.id,
    businessId: row.business_id,
    uid: row.uid,
    // Also a member whom the site registered is a visitor here.
    kind: 'visitor',
    nickname: row.nickname,
    avatar: row.avatar,
    email: row.email,
    phone: row.phone,
    channel: row.channel,
    ip: row.ip ?? '',
    page: row.page,
    referrer: row.referrer,
    device: {
      browser: row.device.browser ?? '',
      os: row.device.os ?? '',
      type: row.device.type ?? 'unknown',
    },
    locale: row.locale,
    online: row.online,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
  };
}

/** Where somebody is now. An empty referrer or locale leaves what is known. */
export interface Sighting {
  userId: number;
  businessId: number;
  channel: string;
  /** Null: unknown. */
  ip: string | null;
  page: string;
  referrer: string;
  device: VisitorDevice;
  locale: string;
}

/** Of one list; nobody works with more. */
const MOST = 1000;

export function createVisitorsStore({ db }: Work) {
  async function one(where: string, bindings: readonly (string | number)[]): Promise<Visitor | null> {
    const { rows } = await db.raw<{ rows: VisitorRow[] }>(`${selectVisitors} where ${where}`, [...bindings]);
    const [row] = rows;
    return row === undefined ? null : toVisitor(row);
  }

  return {
    find: (businessId: number, userId: number) => one('v.business_id = ? and v.user_id = ?', [businessId, userId]),
    findByUid: (businessId: number, uid: string) => one('u.business_id = ? and u.uid = ?', [businessId, uid]),
    findByChannel: (businessId: number, channel: string) =>
      one('v.business_id = ? and v.channel = ?', [businessId, channel]),

    note: async (sighting: Sighting): Promise<void> => {
      await db.raw(
        `insert into visitors as v (user_id, business_id, channel, ip, page, referrer, device, locale)
         values (:userId, :businessId, :channel, :ip, :page, :referrer, :device, :locale)
         on conflict (user_id) do update
            set ip = coalesce(excluded.ip, v.ip), page = excluded.page, device = excluded.device,
                referrer = case when excluded.referrer = '' then v.referrer else excluded.referrer end,
                locale = case when excluded.locale = '' then v.locale else excluded.locale end,
                last_seen_at = now()`,
        { ...sighting, device: JSON.stringify(sighting.device) },
      );
    },

    moveChannel: async (userId: number, channel: string): Promise<void> => {
      await db('visitors').where({ user_id: userId }).update({ channel });
    },

    /** Those who were blacklisted by id, the latest first. */
    blacklisted: async (businessId: number): Promise<Visitor[]> => {
      const { rows } = await db.raw<{ rows: VisitorRow[] }>(
        `${selectVisitors} join blacklist b on b.user_id = v.user_id and b.business_id = v.business_id
          where b.business_id = ? order by b.id desc limit ?`,
        [businessId, MOST],
      );
      return rows.map(toVisitor);
    },

    /** Those with whom an agent has been in an episode, the latest first. */
    metBy: async (businessId: number, agentId: number): Promise<Visitor[]> => {
      const { rows } = await db.raw<{ rows: VisitorRow[] }>(
        `${selectVisitors} join (
           select c.customer_id, max(ea.joined_at) as met_at
             from episode_agents ea join episodes e on e.id = ea.episode_id
             join conversations c on c.id = e.conversation_id
            where ea.user_id = :agentId and ea.business_id = :businessId group by c.customer_id) met
           on met.customer_id = v.user_id
          where v.business_id = :businessId order by met.met_at desc limit :most`,
        { businessId, agentId, most: MOST },
      );
      return rows.map(toVisitor);
    },

    /** By id, or by the address they were last seen at. */
    isBlacklisted: async (businessId: number, userId: number): Promise<boolean> => {
      const { rows } = await db.raw<{ rows: unknown[] }>(
        `select 1 from blacklist b where b.business_id = :businessId and (b.user_id = :userId
            or b.ip = (select v.ip from visitors v where v.user_id = :userId)) limit 1`,
        { businessId, userId },
      );
      return rows.length > 0;
    },
  };
}
