import { statement, type Statement } from '../../db/statement.ts';
import { addressJoins, addressJson, personJson } from '../conversations/address.ts';

/** Who sends: it decides what must hold for the conversation, and whose cursor moves. */
export type SenderKind = 'customer' | 'agent' | 'system';

const customerMayWrite = `c.state in ('waiting', 'open') and not exists (
      select 1 from blacklist l where l.business_id = c.business_id and (l.user_id = c.customer_id
         or l.ip = (select v.ip from visitors v where v.user_id = c.customer_id)))`;

/** Read under the row lock: a statement that waited for it sees the conversation as the one before left it. */
const guards: Record<SenderKind, string> = {
  customer: `and c.customer_id = :senderId and ${customerMayWrite}`,
  agent: `and c.state = 'open' and :senderId = any(c.agent_ids)`,
  system: '',
};

const senderReads = `
    update participants p set read_seq = greatest(p.read_seq, s.seq), delivered_seq = greatest(p.delivered_seq, s.seq)
      from stored s where p.conversation_id = s.conversation_id and p.user_id = s.sender_id`;

/** A notice is nothing to read: who had read everything still has. */
const cursors: Record<SenderKind, string> = {
  customer: senderReads,
  agent: `${senderReads}
  ), responded as (
    update episodes e set first_response_at = s.created_at
      from stored s where e.id = s.episode_id and e.first_response_at is null`,
  system: `
    update participants p set read_seq = s.seq, delivered_seq = greatest(p.delivered_seq, s.seq)
      from stored s where p.conversation_id = s.conversation_id and p.read_seq = s.seq - 1 and p.left_at is null`,
};

/** As the others see them. */
const senders: Record<SenderKind, string> = { customer: personJson('cu'), agent: personJson('su'), system: 'null' };

const storedMessageJson = `jsonb_build_object(
  'id', s.id, 'businessId', s.business_id, 'conversationId', s.conversation_id, 'seq', s.seq, 'senderId', s.sender_id,
  'senderRole', s.sender_role, 'clientId', s.client_id, 'type', s.type, 'content', s.content,
  'createdAt', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;

/** A conversation's row in `c`, with the next `seq`; before any id is drawn its lock is taken. */
const raised = `set last_seq = c.last_seq + 1, last_message_at = clock_timestamp(), active_at = clock_timestamp()`;
const raisedColumns = `c.id, c.business_id, c.customer_id, c.team_id, c.state, c.agent_ids, c.episode_id, c.last_seq,
              c.last_message_at`;

const messageColumns =
  'business_id, conversation_id, seq, episode_id, sender_id, sender_role, type, content, client_id, created_at';

/** What is told of `stored s`, whose conversation is `c`; `page` is where the customer was, or null. */
function announcement(sender: SenderKind, page: string): string {
  return `insert into outbox (lane, conversation_id, event)
    select s.conversation_id % 32, s.conversation_id, jsonb_build_object(
             'type', 'message.created', 'message', ${storedMessageJson},
             'sender', ${senders[sender]},
             'page', coalesce(${page}, cv.page, ''), 'to', ${addressJson})`;
}

/**
 * Sending, in one statement: the conversation's `last_seq` rises (its row lock comes before any id is drawn, so ids
 * of messages and of outbox rows rise with `seq`), then the message, the sender's cursor, and what is to be told.
 * No row comes back when the guard does not hold.
 */
function append(name: string, sender: SenderKind): Statement {
  const sql = `
  with c as (
    update conversations c ${raised}
     where c.business_id = :businessId and c.id = :conversationId and c.kind = 'service' ${guards[sender]}
    returning ${raisedColumns}
  ), stored as (
    insert into messages (${messageColumns})
    select c.business_id, c.id, c.last_seq, c.episode_id, cast(:senderId as bigint), '${sender}', cast(:type as text),
           cast(:content as jsonb), cast(:clientId as text), c.last_message_at
      from c
    returning id, ${messageColumns}
  ), cursors as (${cursors[sender]}
  ), told as (
    ${announcement(sender, 'cast(:page as text)')}
      from stored s cross join c ${addressJoins}${sender === 'agent' ? ' join users su on su.id = s.sender_id' : ''}
  )
  select id, seq, created_at from stored`;
  return statement(name, sql);
}

export const appendStatements: Record<SenderKind, Statement> = {
  customer: append('append customer', 'customer'),
  agent: append('append agent', 'agent'),
  system: append('append system', 'system'),
};

/**
 * The same for several customers at once, each in a conversation of their own, as far as everything is still so that was
 * found out before (`Standing`): what `recognise` would say again, and whose the conversation is. One that somebody else
 * is just writing to is passed over, so that nobody waits for another's conversation. Rows come back for what was stored.
 */
export const appendAsBefore = statement(
  'append as before',
  `
  with given as (
    select * from unnest(
      cast(:businessIds as bigint[]), cast(:conversationIds as bigint[]), cast(:senderIds as bigint[]),
      cast(:agentIds as bigint[]), cast(:uids as text[]), cast(:proofs as text[]), cast(:tokenHashes as bytea[]),
      cast(:types as text[]), cast(:contents as text[]), cast(:clientIds as text[]), cast(:pages as text[]))
      as g (business_id, conversation_id, sender_id, agent_id, uid, proof, token_hash, type, content, client_id, page)
  ), free as materialized (
    select c.id from given g join conversations c on c.business_id = g.business_id and c.id = g.conversation_id
     where c.kind = 'service' and c.customer_id = g.sender_id and c.agent_id is not distinct from g.agent_id
       and ${customerMayWrite}
       and exists (
         select 1 from users u join businesses b on b.id = u.business_id
          where u.business_id = g.business_id and u.id = g.sender_id and u.uid = g.uid and u.kind <> 'agent'
            and case g.proof when 'token' then u.token_required and u.token_hash = g.token_hash
                             when 'site' then u.token_required and u.proof <> 'none'
                             else b.legacy_visitors and u.proof = 'none' and not u.token_required end)
     for no key update of c skip locked
  ), c as (
    update conversations c ${raised} from free f where c.id = f.id
    returning ${raisedColumns}
  ), stored as (
    insert into messages (${messageColumns})
    select c.business_id, c.id, c.last_seq, c.episode_id, g.sender_id, 'customer', g.type, cast(g.content as jsonb),
           g.client_id, c.last_message_at
      from c join given g on g.conversation_id = c.id
    returning id, ${messageColumns}
  ), cursors as (${cursors.customer}
  ), told as (
    ${announcement('customer', 'g.page')}
      from stored s join c on c.id = s.conversation_id join given g on g.conversation_id = c.id ${addressJoins}
  )
  select conversation_id, id, seq, created_at from stored`,
);
