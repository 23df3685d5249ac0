/** Audio and video calls between the two sides of a conversation. */
export const calls = {
  name: '0010_calls',
  sql: `
create table calls (
  id bigint generated always as identity primary key,
  business_id bigint not null,
  room text not null constraint calls_room_once unique check (room ~ '^[0-9a-f]{32}$'),
  conversation_id bigint not null,
  customer_id bigint not null,
  agent_id bigint not null,
  caller_role text not null check (caller_role in ('customer', 'agent')),
  kind text not null check (kind in ('audio', 'video')),
  state text not null default 'ringing' check (state in ('ringing', 'accepted', 'refused', 'missed', 'ended')),
  due_at timestamptz not null,
  offered_at timestamptz not null default clock_timestamp(),
  accepted_at timestamptz,
  ended_at timestamptz,
  unique (business_id, id),
  foreign key (business_id, conversation_id) references conversations (business_id, id),
  foreign key (business_id, customer_id) references users (business_id, id),
  foreign key (business_id, agent_id) references agents (business_id, user_id),
  constraint calls_end_once check ((state in ('ringing', 'accepted')) = (ended_at is null)),
  constraint calls_talk_after_accept check (state <> 'accepted' or accepted_at is not null)
);
comment on column calls.due_at is 'of a live call: when it is over unless somebody answers it, or says that it goes on';
create unique index calls_one_live_in_conversation on calls (conversation_id) where ended_at is null;
create unique index calls_one_live_of_agent on calls (agent_id) where ended_at is null;
create index calls_live_of_customer on calls (customer_id) where ended_at is null;
create index calls_due on calls (due_at) where ended_at is null;
create index calls_of_conversation on calls (conversation_id, id desc);
`,
};
