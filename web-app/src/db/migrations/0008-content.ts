/** What a business writes for its visitors, and what visitors leave when nobody is there. */
export const content = {
  name: '0008_content',
  sql: `
alter table faqs add column answer_html text not null default '';
comment on column faqs.answer_html is 'rendered from answer, or, where there is no answer, what the writer gave, sanitised';

create table tabs (
  id bigint generated always as identity primary key,
  business_id bigint not null references businesses,
  title text not null check (char_length(title) between 1 and 255),
  content text not null default '' check (char_length(content) <= 20000),
  content_html text not null default '',
  created_at timestamptz not null default now()
);
create index tabs_of_business on tabs (business_id, id);

create table leave_messages (
  id bigint generated always as identity primary key,
  business_id bigint not null references businesses,
  user_id bigint,
  name text not null check (char_length(name) <= 255),
  phone text not null check (char_length(phone) <= 255),
  email text not null check (char_length(email) <= 255),
  content text not null check (char_length(content) between 1 and 10000),
  page text not null default '' check (char_length(page) <= 2048),
  created_at timestamptz not null default now(),
  foreign key (business_id, user_id) references users (business_id, id)
);
create index leave_messages_of_business on leave_messages (business_id, id desc);

create table greetings (
  id bigint generated always as identity unique,
  user_id bigint primary key,
  business_id bigint not null,
  content text not null check (char_length(content) between 1 and 2000),
  created_at timestamptz not null default now(),
  foreign key (business_id, user_id) references agents (business_id, user_id)
);
create index greetings_of_business on greetings (business_id, user_id);
`,
};
