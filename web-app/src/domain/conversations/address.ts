import type { ConversationAddress, PersonCard } from '../events.ts';

/**
 * SQL that builds what events carry, for statements that write them themselves. Aliases: `c` conversations,
 * `b` businesses, `t` teams, `cu` the customer's users row, `cv` the customer's visitors row.
 */
export const addressJson = `jsonb_build_object(
  'conversationId', c.id, 'businessId', c.business_id, 'businessSlug', b.slug, 'teamNumber', t.number,
  'state', c.state, 'customerId', c.customer_id, 'customerUid', cu.uid, 'customerChannel', coalesce(cv.channel, ''),
  'agentIds', to_jsonb(c.agent_ids))`;

/** The joins that `addressJson` needs beside `c`. */
export const addressJoins = `
  join businesses b on b.id = c.business_id
  join teams t on t.id = c.team_id
  join users cu on cu.id = c.customer_id
  left join visitors cv on cv.user_id = c.customer_id`;

export function personJson(alias: string): string {
  return `jsonb_build_object('id', ${alias}.id, 'uid', ${alias}.uid, 'nickname', ${alias}.nickname, 'avatar', ${alias}.avatar)`;
}

/** A conversation as events name it. */
export interface Addressed {
  to: ConversationAddress;
  customer: PersonCard;
}

export function cardOf(person: PersonCard): PersonCard {
  return { id: person.id, uid: person.uid, nickname: person.nickname, avatar: person.avatar };
}
