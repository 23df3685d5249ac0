import type { Work } from '../../db/unit-of-work.ts';
import type { MessageContent } from '../model.ts';

export interface NoticeKey {
  conversationId: number;
  userId: number;
  /** The latest message that it is about. */
  seq: number;
}

/** A notice that falls due now, with what it says as things are at this moment. */
export interface DueNoticeRow extends NoticeKey {
  attempts: number;
  openId: string;
  businessName: string;
  isEncrypted: boolean;
  visitorName: string;
  type: MessageContent['type'];
  content: MessageContent['content'];
  writtenAt: Date;
  timezone: string;
}

/** A message older than this is no news: the agent was told of it, or the program was away. */
const NEWS_SECONDS = 120;
/** Of one conversation an agent is told once in so long. */
const QUIET_SECONDS = 300;
/** How long a process has to send what it took; then another may. */
const CLAIM_SECONDS = 30;

/** At no console, or has called themselves away. */
const isAway = `(not coalesce(p.online, false) or a.manual_status = 'offline')`;

/** What the customer wrote last, unless this agent has read it. */
const unheard = `
  from weixin_bindings w
  join agents a on a.user_id = w.user_id
  left join presence p on p.user_id = w.user_id
  join conversations c on c.business_id = w.business_id and c.kind = 'service'
   and c.active_at > now() - make_interval(secs => :news)
  cross join lateral (
    select m.seq, m.created_at from messages m
     where m.business_id = c.business_id and m.conversation_id = c.id and m.sender_role = 'customer'
     order by m.seq desc limit 1) m
 where ${isAway} and m.created_at > now() - make_interval(secs => :news)
   and m.seq > coalesce((select r.read_seq from participants r
                          where r.conversation_id = c.id and r.user_id = w.user_id), 0)`;

/** Nobody of the business is there whom a waiting customer could get. */
const nobodyIsThere = `not exists (
  select 1 from presence op join agents oa on oa.user_id = op.user_id
   where op.business_id = w.business_id and op.online and oa.manual_status <> 'offline')`;

/** Table `weixin_notices`: one row for an agent and a conversation, so that nobody is told twice in a short while. */
export function createAbsenceNoticesStore({ db }: Work) {
  /** Nothing more is to be told, unless the customer has written since. */
  async function drop({ conversationId, userId, seq }: NoticeKey): Promise<void> {
    await db('weixin_notices')
      .where({ conversation_id: conversationId, user_id: userId, seq })
      .update({ due_at: null, claimed_until: null });
  }

  return {
    drop,

    noteSent: async ({ conversationId, userId, seq }: NoticeKey): Promise<void> => {
      await db.raw(
        `update weixin_notices
            set sent_at = now(), attempts = 0, claimed_until = null,
                due_at = case when seq > :seq then now() + make_interval(secs => :quiet) end
          where conversation_id = :conversationId and user_id = :userId`,
        { conversationId, userId, seq, quiet: QUIET_SECONDS },
      );
    },

    postpone: async ({ conversationId, userId }: NoticeKey, seconds: number): Promise<void> => {
      await db('weixin_notices')
        .where({ conversation_id: conversationId, user_id: userId })
        .update({ due_at: db.raw('now() + make_interval(secs => ?)', [seconds]), claimed_until: null });
    },

    /** Notes whom there is something to tell: the agent of an open conversation, and of one that waits whoever had it. */
    noteUnheard: async (): Promise<void> => {
      await db.raw(
        `insert into weixin_notices (conversation_id, user_id, business_id, seq, due_at)
         select c.id, w.user_id, w.business_id, m.seq, now() ${unheard} and c.state = 'open' and c.agent_id = w.user_id
         union all
         select c.id, w.user_id, w.business_id, m.seq, now() ${unheard} and c.state = 'waiting'
            and (c.last_agent_id = w.user_id or c.last_agent_id is null) and ${nobodyIsThere}
         on conflict (conversation_id, user_id) do update
            set seq = excluded.seq, attempts = 0,
                due_at = greatest(now(), weixin_notices.sent_at + make_interval(secs => :quiet))
          where weixin_notices.seq < excluded.seq`,
        { news: NEWS_SECONDS, quiet: QUIET_SECONDS },
      );
    },

    /** Takes what is due, so that two processes do not take the same; what needs no telling any more is forgotten. */
    takeDue: async (limit: number): Promise<DueNoticeRow[]> => {
      const { rows } = await db.raw<{ rows: (DueNoticeRow & { isNews: boolean })[] }>(
        `with taken as (
           update weixin_notices set claimed_until = now() + make_interval(secs => :claim), attempts = attempts + 1
            where (conversation_id, user_id) in (
              select conversation_id, user_id from weixin_notices
               where due_at <= now() and (claimed_until is null or claimed_until < now())
               order by due_at limit :limit for update skip locked)
           returning *)
         select t.conversation_id as "conversationId", t.user_id as "userId", t.seq, t.attempts,
                w.open_id as "openId", b.name as "businessName", b.encrypt_channels as "isEncrypted",
                b.timezone, u.nickname as "visitorName", m.type, m.content, m.created_at as "writtenAt",
                (${isAway} and coalesce(r.read_seq, 0) < t.seq and c.state in ('open', 'waiting')
                 and (c.agent_id is null or c.agent_id = t.user_id)) as "isNews"
           from taken t join weixin_bindings w on w.user_id = t.user_id
           join businesses b on b.id = t.business_id
           join agents a on a.user_id = t.user_id left join presence p on p.user_id = t.user_id
           join conversations c on c.id = t.conversation_id join users u on u.id = c.customer_id
           join messages m on m.business_id = t.business_id and m.conversation_id = t.conversation_id and m.seq = t.seq
           left join participants r on r.conversation_id = t.conversation_id and r.user_id = t.user_id`,
        { claim: CLAIM_SECONDS, limit },
      );
      for (const stale of rows.filter(({ isNews }) => !isNews)) await drop(stale);
      return rows.filter(({ isNews }) => isNews);
    },
  };
}
