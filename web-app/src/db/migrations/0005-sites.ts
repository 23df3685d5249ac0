/** What a site sets up besides people: questions, client accounts, who is whose friend, keys for its backend. */
export const sites = {
  name: '0005_sites',
  sql: `
create table faqs (
  id bigint generated always as identity primary key,
  business_id bigint not null references businesses,
  question text not null check (char_length(question) between 1 and 1000),
  answer text not null check (char_length(answer) <= 20000),
  created_at timestamptz not null default now(),
  constraint faqs_question_once unique (business_id, question)
);

create table client_accounts (
  user_id bigint primary key,
  business_id bigint not null,
  login_name text not null check (char_length(login_name) between 1 and 100),
  password_hash text not null,
  created_at timestamptz not null default now(),
  foreign key (business_id, user_id) references users (business_id, id)
);
create unique index client_accounts_login_name_once on client_accounts (business_id, lower(login_name));

create table friendships (
  business_id bigint not null,
  low_id bigint not null,
  high_id bigint not null,
  state text not null check (state in ('pending', 'accepted')),
  asked_by bigint not null,
  created_at timestamptz not null default now(),
  primary key (low_id, high_id),
  check (low_id < high_id),
  check (asked_by in (low_id, high_id)),
  foreign key (business_id, low_id) references users (business_id, id),
  foreign key (business_id, high_id) references users (business_id, id)
);
create index friendships_by_high on friendships (high_id);

create table api_keys (
  id bigint generated always as identity primary key,
  business_id bigint not null references businesses,
  name text not null check (char_length(name) between 1 and 100),
  key_hash bytea not null constraint api_keys_key_once unique,
  created_at timestamptz not null default now(),
  constraint api_keys_name_once unique (business_id, name)
);
`,
};
