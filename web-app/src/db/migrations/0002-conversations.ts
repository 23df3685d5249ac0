/**
 * Conversations, what is said in them, and the line. Who is in a conversation now stands on its row (`agent_ids`,
 * `agent_id` its first, `episode_id`), because a statement that waited for the row's lock sees the row as it is then,
 * but other tables as they were when it began.
 */
export const conversations = {
  name: '0002_conversations',
  sql: `
create table conversations (
  id bigint generated always as identity primary key,
  business_id bigint not null references businesses,
  kind text not null check (kind in ('service', 'direct', 'group')),
  customer_id bigint,
  home_team int not null default 0,
  pair_low bigint,
  pair_high bigint,
  state text not null default 'none' check (state in ('none', 'waiting', 'open', 'closed')),
  team_id bigint,
  agent_id bigint,
  agent_ids bigint[] not null default '{}',
  last_agent_id bigint,
  episode_id bigint,
  last_seq int not null default 0,
  closed_seq int not null default 0,
  last_message_at timestamptz,
  active_at timestamptz not null default now(),
  snoozed_until timestamptz,
  version int not null default 1,
  created_at timestamptz not null default now(),
  unique (business_id, id),
  foreign key (business_id, customer_id) references users (business_id, id),
  foreign key (business_id, pair_low) references users (business_id, id),
  foreign key (business_id, pair_high) references users (business_id, id),
  foreign key (business_id, team_id) references teams (business_id, id),
  foreign key (business_id, agent_id) references agents (business_id, user_id),
  foreign key (business_id, last_agent_id) references agents (business_id, user_id),
  constraint conversations_service_has_customer check (kind <> 'service' or (customer_id is not null and team_id is not null)),
  constraint conversations_pair_in_order check ((kind = 'direct') = (pair_low is not null) and (pair_low is null) = (pair_high is null) and pair_low < pair_high),
  constraint conversations_open_has_agent check (kind <> 'service' or (state = 'open') = (agent_id is not null)),
  constraint conversations_open_has_episode check ((agent_id is null) = (episode_id is null)),
  constraint conversations_assignee_first check (agent_id is not distinct from agent_ids[1]),
  constraint conversations_seq_rises check (last_seq >= closed_seq and closed_seq >= 0)
);
comment on column conversations.closed_seq is 'last_seq when the latest episode ended: what is above it belongs to the present one, or to the wait';
comment on column conversations.active_at is 'latest of: created, entered the line, assigned, a message; lists are ordered by it';
create unique index conversations_service_once on conversations (business_id, customer_id, home_team) where kind = 'service';
create unique index conversations_direct_once on conversations (business_id, pair_low, pair_high) where kind = 'direct';
create index conversations_of_agent on conversations (business_id, agent_id, active_at desc, id desc) where kind = 'service' and state = 'open';
create index conversations_by_activity on conversations (business_id, active_at desc, id desc);

create table episodes (
  id bigint generated always as identity primary key,
  business_id bigint not null,
  conversation_id bigint not null,
  team_id bigint not null,
  agent_id bigint not null,
  door text not null check (char_length(door) between 1 and 32),
  first_seq int not null,
  last_seq int,
  opened_at timestamptz not null default now(),
  first_response_at timestamptz,
  closed_at timestamptz,
  closed_by text check (closed_by in ('agent', 'customer', 'system')),
  unique (business_id, id),
  foreign key (business_id, conversation_id) references conversations (business_id, id),
  foreign key (business_id, team_id) references teams (business_id, id),
  foreign key (business_id, agent_id) references agents (business_id, user_id),
  check ((closed_at is null) = (closed_by is null))
);
create unique index episodes_one_open on episodes (conversation_id) where closed_at is null;
create index episodes_load on episodes (agent_id) where closed_at is null;
create index episodes_for_reports on episodes (business_id, opened_at);
alter table conversations add foreign key (business_id, episode_id) references episodes (business_id, id);

create table episode_agents (
  id bigint generated always as identity primary key,
  episode_id bigint not null,
  user_id bigint not null,
  business_id bigint not null,
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  why text not null check (why in ('assigned', 'transferred', 'joined')),
  foreign key (business_id, episode_id) references episodes (business_id, id),
  foreign key (business_id, user_id) references agents (business_id, user_id)
);
create unique index episode_agents_in_once on episode_agents (episode_id, user_id) where left_at is null;
create index episode_agents_by_user on episode_agents (user_id, joined_at);

create table participants (
  conversation_id bigint not null,
  user_id bigint not null,
  business_id bigint not null,
  role text not null check (role in ('customer', 'agent', 'member', 'owner')),
  read_seq int not null default 0,
  delivered_seq int not null default 0,
  visible_from_seq int not null default 0,
  rank int not null default 0,
  muted_until timestamptz,
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  primary key (conversation_id, user_id),
  foreign key (business_id, conversation_id) references conversations (business_id, id),
  foreign key (business_id, user_id) references users (business_id, id)
);
create index participants_by_user on participants (user_id, rank desc, conversation_id) where left_at is null;

create table messages (
  id bigint generated always as identity,
  business_id bigint not null,
  conversation_id bigint not null,
  seq int not null check (seq > 0),
  episode_id bigint,
  sender_id bigint,
  sender_role text not null check (sender_role in ('customer', 'agent', 'system')),
  type text not null check (char_length(type) between 1 and 32),
  content jsonb not null,
  client_id text check (char_length(client_id) between 1 and 100),
  created_at timestamptz not null default now(),
  primary key (business_id, id),
  constraint messages_seq_once unique (business_id, conversation_id, seq),
  constraint messages_client_id_once unique (business_id, sender_id, client_id),
  foreign key (business_id, conversation_id) references conversations (business_id, id),
  foreign key (business_id, sender_id) references users (business_id, id),
  check ((sender_id is null) = (sender_role = 'system'))
);

create table requests (
  id bigint generated always as identity primary key,
  business_id bigint not null,
  conversation_id bigint not null,
  customer_id bigint not null,
  team_id bigint not null,
  status smallint not null default 0 check (status between 0 and 7),
  priority int not null default 0,
  origin text not null check (char_length(origin) between 1 and 32),
  offered_to bigint,
  offered_at timestamptz,
  refused_by bigint[] not null default '{}',
  last_seen_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  episode_id bigint,
  foreign key (business_id, conversation_id) references conversations (business_id, id),
  foreign key (business_id, customer_id) references users (business_id, id),
  foreign key (business_id, team_id) references teams (business_id, id),
  foreign key (business_id, episode_id) references episodes (business_id, id),
  foreign key (business_id, offered_to) references agents (business_id, user_id),
  check ((status = 0) = (ended_at is null))
);
create unique index requests_one_wait on requests (conversation_id) where status = 0;
create index requests_line on requests (team_id, priority desc, id) where status = 0;
create index requests_waiting on requests (business_id, created_at, id) where status = 0;
create index requests_offered on requests (offered_to) where status = 0;
create index requests_last_seen on requests (last_seen_at) where status = 0;
`,
};
