/** What is still to be told, and which process tells it; and what all processes on this database share. */
export const outbox = {
  name: '0003_outbox',
  sql: `
create table outbox (
  id bigint generated always as identity primary key,
  lane smallint not null check (lane between 0 and 31),
  conversation_id bigint,
  event jsonb not null,
  attempts int not null default 0,
  next_try_at timestamptz,
  failed_at timestamptz,
  error text,
  created_at timestamptz not null default now()
);
create index outbox_to_send on outbox (lane, id) where failed_at is null;

create table relay_lanes (
  lane smallint primary key check (lane between 0 and 31),
  owner uuid,
  leased_until timestamptz
);
insert into relay_lanes (lane) select generate_series(0, 31);

create table settings (
  name text primary key check (char_length(name) between 1 and 100),
  value text not null
);
`,
};
