import { statement, type Statement } from '../../db/statement.ts';
import { addressJoins, addressJson, personJson } from '../conversations/address.ts';

/** Who sends: it decides what must hold for the conversation, and whose cursor moves. */
export type SenderKind = 'customer' | 'agent' | 'system';

/** Read under the row lock: a statement that waited for it sees the conversation as the one before left it. */
const guards: Record<SenderKind, string> = {
  customer: `and c.customer_id = :senderId and c.state in ('waiting', 'open') and not exists (
      select 1 from blacklist l where l.business_id = :businessId and (l.user_id = :senderId
         or l.ip = (select v.ip from visitors v where v.user_id = :senderId)))`,
  agent: `and c.state = 'open' and :senderId = any(c.agent_ids)`,
  system: '',
};

/** What `recognise` would say again, and that the conversation is still the same agent's. */
const asBefore = `and c.agent_id is not distinct from :agentId and exists (
      select 1 from users u join businesses b on b.id = u.business_id
       where u.business_id = :businessId and u.id = :senderId and u.uid = :uid and u.kind <> 'agent'
         and case cast(:proof as text) when 'token' then u.token_required and u.token_hash = :tokenHash
                         when 'site' then u.token_required and u.proof <> 'none'
                         else b.legacy_visitors and u.proof = 'none' and not u.token_required end)`;

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

/**
 * Sending, in one statement: the conversation's `last_seq` rises (its row lock comes before any id is drawn, so ids
 * of messages and of outbox rows rise with `seq`), then the message, the sender's cursor, and what is to be told.
 * No row comes back when the guard does not hold.
 */
function append(name: string, sender: SenderKind, furtherGuard = ''): Statement {
  const sql = `
  with c as (
    update conversations c
       set last_seq = c.last_seq + 1, last_message_at = clock_timestamp(), active_at = clock_timestamp()
     where c.business_id = :businessId and c.id = :conversationId and c.kind = 'service' ${guards[sender]}
       ${furtherGuard}
    returning c.id, c.business_id, c.customer_id, c.team_id, c.state, c.agent_ids, c.episode_id, c.last_seq, c.last_message_at
  ), stored as (
    insert into messages (business_id, conversation_id, seq, episode_id, sender_id, sender_role, type, content,
                          client_id, created_at)
    select c.business_id, c.id, c.last_seq, c.episode_id, cast(:senderId as bigint), '${sender}', cast(:type as text),
           cast(:content as jsonb), cast(:clientId as text), c.last_message_at
      from c
    returning id, business_id, conversation_id, seq, episode_id, sender_id, sender_role, type, content, client_id, created_at
  ), cursors as (${cursors[sender]}
  ), told as (
    insert into outbox (lane, conversation_id, event)
    select s.conversation_id % 32, s.conversation_id, jsonb_build_object(
             'type', 'message.created', 'message', ${storedMessageJson},
             'sender', ${senders[sender]},
             'page', coalesce(cast(:page as text), cv.page, ''), 'to', ${addressJson})
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

/** A customer's, if everything is still so that was found out before (`Standing`). */
export const appendAsBefore = append('append as before', 'customer', asBefore);
