import type { Database } from '../web-app/src/db/knex.ts';

export interface LargeDataSet {
  businessId: number;
  /** Its agents; conversations are spread over them. */
  agentIds: readonly number[];
  /** Their visitors are `load-1` to `load-N`: of each 25 one waits, five are open, and 19 are closed. */
  conversations: number;
  /** Of each conversation, in two episodes, over the last 40 days. */
  messagesEach: number;
}

/** The state of conversation `i`, and how many of how many. */
const WAITING = 'i % 25 = 0';
const OPEN = 'i % 5 = 1';
/** One visitor in fifty is on line. */
const ONLINE = 'i % 50 = 1';

const people = `
  create temp table people on commit drop as
  with made as (
    insert into users (business_id, uid, kind, nickname)
    select :businessId::bigint, 'load-' || i, 'visitor', 'Visitor ' || i from generate_series(1, :conversations::int) i
    returning id, substr(uid, 6)::int as i)
  select id as user_id, i, (cast(:agentIds as bigint[]))[1 + (i / 5) % cardinality(cast(:agentIds as bigint[]))] as agent_id,
         now() - interval '40 days' * (1 - i::float / :conversations::int) - interval '1 hour' as begun_at
    from made`;

const met = `
  insert into visitors (user_id, business_id, channel, page, ip, first_seen_at, last_seen_at)
  select p.user_id, b.id, encode(convert_to('load-' || p.i || '/' || b.slug, 'UTF8'), 'hex'), 'https://shop.example/' || p.i,
         '192.0.2.1', p.begun_at, p.begun_at
    from people p cross join businesses b where b.id = :businessId::bigint`;

const present = `
  insert into presence (user_id, business_id, online)
  select user_id, :businessId::bigint, ${ONLINE} from people`;

const threads = `
  create temp table threads on commit drop as
  with made as (
    insert into conversations (business_id, kind, customer_id, team_id, last_seq, last_message_at, active_at, created_at)
    select :businessId::bigint, 'service', p.user_id, t.id, :messagesEach::int, p.begun_at + :messagesEach::int * interval '1 minute',
           p.begun_at + :messagesEach::int * interval '1 minute', p.begun_at
      from people p cross join teams t where t.business_id = :businessId::bigint and t.number = 0
    returning id, customer_id, team_id)
  select m.id, m.team_id, p.* from made m join people p on p.user_id = m.customer_id`;

/** The first half of the messages, and the second; of who waits the second is yet to come. */
const episodes = `
  create temp table halves on commit drop as
  with made as (
    insert into episodes (business_id, conversation_id, team_id, agent_id, door, first_seq, last_seq, opened_at, closed_at, closed_by)
    select :businessId::bigint, t.id, t.team_id, t.agent_id, 'widget',
           case half when 1 then 1 else :messagesEach::int / 2 + 1 end,
           case when half = 1 then :messagesEach::int / 2 when not ${OPEN} then :messagesEach::int end,
           t.begun_at + half * interval '10 minutes',
           case when half = 1 or not ${OPEN} then t.begun_at + half * interval '20 minutes' end,
           case when half = 1 or not ${OPEN} then 'agent' end
      from threads t cross join generate_series(1, 2) half where half = 1 or not ${WAITING} order by t.i, half
    returning id, conversation_id, agent_id, first_seq, opened_at, closed_at)
  select * from made`;

const seats = `
  insert into episode_agents (episode_id, user_id, business_id, joined_at, left_at, why)
  select id, agent_id, :businessId::bigint, opened_at, closed_at, 'assigned' from halves`;

const states = `
  update conversations c
     set state = case when ${WAITING} then 'waiting' when ${OPEN} then 'open' else 'closed' end,
         agent_id = case when ${OPEN} then t.agent_id end, last_agent_id = t.agent_id,
         agent_ids = case when ${OPEN} then array[t.agent_id] else '{}' end,
         closed_seq = case when ${WAITING} or ${OPEN} then c.last_seq / 2 else c.last_seq end,
         episode_id = case when ${OPEN} then (select h.id from halves h where h.conversation_id = c.id and h.closed_at is null) end
    from threads t where t.id = c.id`;

const participants = `
  insert into participants (conversation_id, user_id, business_id, role, read_seq, delivered_seq)
  select id, user_id, :businessId::bigint, 'customer', :messagesEach::int - 1, :messagesEach::int from threads
  union all
  select id, agent_id, :businessId::bigint, 'agent', :messagesEach::int - i % 3, :messagesEach::int from threads`;

const messages = `
  insert into messages (business_id, conversation_id, seq, episode_id, sender_id, sender_role, type, content, created_at)
  select :businessId::bigint, t.id, n, h.id, case when n = 1 then null when n % 2 = 0 then t.user_id else t.agent_id end,
         case when n = 1 then 'system' when n % 2 = 0 then 'customer' else 'agent' end,
         case when n = 1 then 'system' else 'text' end,
         case when n = 1 then jsonb_build_object('notice', 'assigned', 'agentName', 'x')
              else jsonb_build_object('text', 'What was said as number ' || n || ' by somebody who had a question') end,
         t.begun_at + n * interval '1 minute'
    from threads t cross join generate_series(1, :messagesEach::int) n
    left join halves h on h.conversation_id = t.id
          and (h.first_seq = 1) = (n <= :messagesEach::int / 2)
   order by t.i, n`;

const requests = `
  insert into requests (business_id, conversation_id, customer_id, team_id, status, origin, created_at, ended_at)
  select :businessId::bigint, id, user_id, team_id, 1, 'widget', begun_at, begun_at + i % 90 * interval '1 second' from threads
  union all
  select :businessId::bigint, id, user_id, team_id, 0, 'widget', now(), null from threads where ${WAITING}`;

const ratings = `
  insert into ratings (business_id, episode_id, score, closed_for_change_at)
  select :businessId::bigint, id, 1 + id % 5, now() from halves where closed_at is not null and id % 3 = 0`;

const leaveMessages = `
  insert into leave_messages (business_id, user_id, name, phone, email, content)
  select :businessId::bigint, user_id, 'Visitor ' || i, '', '', 'Please call me back' from people where i % 5 = 0`;

const calls = `
  insert into calls (business_id, room, conversation_id, customer_id, agent_id, caller_role, kind, state, due_at, ended_at)
  select :businessId::bigint, md5(t.id || ' ' || n), t.id, t.user_id, t.agent_id, 'customer', 'audio', 'missed',
         t.begun_at, t.begun_at
    from threads t cross join generate_series(1, 2) n`;

const STATEMENTS = [
  people,
  met,
  present,
  threads,
  episodes,
  seats,
  states,
  participants,
  messages,
  requests,
  ratings,
  leaveMessages,
  calls,
];

/**
 * Fills a business with conversations in seconds, by a statement a table. What it makes is told to nobody, and keeps
 * every rule of the tables.
 */
export async function fillLarge(db: Database, set: LargeDataSet): Promise<void> {
  await db.transaction(async (transaction) => {
    for (const sql of STATEMENTS) await transaction.raw(sql, { ...set, agentIds: [...set.agentIds] });
  });
}
