/** Businesses and everyone in them. A referenced table has `unique (business_id, id)`: no row points into another business. */
export const people = {
  name: '0001_people',
  sql: `
create table businesses (
  id bigint generated always as identity primary key,
  slug text not null constraint businesses_slug_once unique check (slug ~ '^[A-Za-z0-9_.-]{1,64}$'),
  name text not null check (char_length(name) between 1 and 100),
  state text not null default 'open' check (state in ('open', 'close')),
  distribution_rule text not null default 'auto' check (distribution_rule in ('auto', 'claim')),
  app_id text constraint businesses_app_id_once unique check (char_length(app_id) between 1 and 100),
  app_secret_sealed text,
  app_enabled boolean not null default true,
  epid text constraint businesses_epid_once unique check (char_length(epid) between 1 and 100),
  public_key text check (char_length(public_key) <= 200),
  identity_secret_sealed text,
  legacy_visitors boolean not null default false,
  legacy_public_channels boolean not null default false,
  encrypt_channels boolean not null default false,
  allowed_domains text[] not null default '{}',
  locale text not null default 'zh-CN' check (char_length(locale) between 2 and 35),
  timezone text not null default 'Asia/Shanghai' check (char_length(timezone) between 1 and 64),
  settings jsonb not null default '{}',
  version int not null default 1,
  created_at timestamptz not null default now(),
  constraint businesses_encrypted_or_public check (not (legacy_public_channels and encrypt_channels))
);

create table users (
  id bigint generated always as identity primary key,
  business_id bigint not null references businesses,
  uid text not null check (octet_length(uid) between 1 and 250),
  kind text not null check (kind in ('visitor', 'member', 'agent')),
  proof text not null default 'none' check (proof in ('none', 'widget', 'site')),
  nickname text not null default '' check (char_length(nickname) <= 100),
  remark text not null default '' check (char_length(remark) <= 500),
  avatar text not null default '' check (char_length(avatar) <= 2048),
  token_sealed text,
  token_hash bytea constraint users_token_once unique,
  token_required boolean not null default false,
  auto_reply text check (char_length(auto_reply) <= 10000),
  auto_reply_offline text check (char_length(auto_reply_offline) <= 10000),
  attributes jsonb not null default '{}',
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  unique (business_id, id),
  constraint users_uid_once unique (business_id, uid)
);
create index users_by_nickname on users (business_id, lower(nickname));

create table agents (
  user_id bigint primary key,
  business_id bigint not null,
  user_name text not null check (char_length(user_name) between 1 and 64),
  password_hash text not null,
  level text not null check (level in ('super_manager', 'manager', 'service')),
  phone text not null default '' check (char_length(phone) <= 40),
  email text not null default '' check (char_length(email) <= 254),
  manual_status text not null default 'online' check (manual_status in ('online', 'busy', 'offline')),
  max_conversations int not null default 50 check (max_conversations between 0 and 10000),
  last_assigned_at timestamptz,
  sessions_valid_from timestamptz not null default now(),
  version int not null default 1,
  unique (business_id, user_id),
  foreign key (business_id, user_id) references users (business_id, id)
);
create unique index agents_user_name_once on agents (lower(user_name));

create table visitors (
  user_id bigint primary key,
  business_id bigint not null,
  channel text not null constraint visitors_channel_once unique check (char_length(channel) <= 600),
  ip inet,
  page text not null default '' check (char_length(page) <= 2048),
  referrer text not null default '' check (char_length(referrer) <= 2048),
  device jsonb not null default '{}',
  locale text not null default '' check (char_length(locale) <= 35),
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  unique (business_id, user_id),
  foreign key (business_id, user_id) references users (business_id, id)
);
create index visitors_by_last_seen on visitors (business_id, last_seen_at);

create table presence (
  user_id bigint primary key,
  business_id bigint not null,
  online boolean not null default false,
  changed_at timestamptz not null default now(),
  offline_due_at timestamptz,
  offline_claimed_until timestamptz,
  foreign key (business_id, user_id) references users (business_id, id)
);
create index presence_due on presence (offline_due_at) where offline_due_at is not null;
create index presence_online on presence (business_id, user_id) where online;

create table teams (
  id bigint generated always as identity primary key,
  business_id bigint not null references businesses,
  number int not null check (number >= 0),
  name text not null default '' check (char_length(name) <= 100),
  logo text not null default '' check (char_length(logo) <= 2048),
  assign text check (assign in ('auto', 'claim', 'random')),
  offline_text text not null default '' check (char_length(offline_text) <= 2000),
  hold_when_no_agent boolean not null default false,
  timeout_s int not null default 300 check (timeout_s between 0 and 86400),
  drop_after_s int not null default 60 check (drop_after_s between 0 and 86400),
  timezone text check (char_length(timezone) between 1 and 64),
  hours jsonb not null default '[]',
  holidays jsonb not null default '[]',
  version int not null default 1,
  unique (business_id, id),
  constraint teams_number_once unique (business_id, number)
);

create table team_agents (
  team_id bigint not null,
  user_id bigint not null,
  business_id bigint not null,
  online boolean not null default true,
  primary key (team_id, user_id),
  foreign key (business_id, team_id) references teams (business_id, id),
  foreign key (business_id, user_id) references agents (business_id, user_id)
);
create index team_agents_by_user on team_agents (user_id);

create table blacklist (
  id bigint generated always as identity primary key,
  business_id bigint not null references businesses,
  user_id bigint,
  ip inet,
  by_id bigint,
  created_at timestamptz not null default now(),
  check ((user_id is null) <> (ip is null)),
  unique (business_id, user_id),
  unique (business_id, ip),
  foreign key (business_id, user_id) references users (business_id, id),
  foreign key (business_id, by_id) references agents (business_id, user_id)
);
`,
};
