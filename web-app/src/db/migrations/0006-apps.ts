/**
 * The apps of the realtime server, for `PUSHER_APP_STORE=database`. Columns are named as soketi's users know them; what
 * is null has the default of an app in JSON, −1 means no limit, `webhooks` and `allowed_origins` are as in JSON.
 */
export const apps = {
  name: '0006_apps',
  sql: `
create table apps (
  id text primary key check (id ~ '^[^/[:space:]]+$'),
  key text not null constraint apps_key_once unique check (key ~ '^[^:/[:space:]]+$'),
  secret text not null check (secret <> ''),
  previous_key text check (previous_key <> ''),
  previous_secret text check (previous_secret <> ''),
  enabled boolean,
  max_connections integer,
  enable_client_messages boolean,
  enable_user_authentication boolean,
  enable_subscription_count boolean,
  tls_only boolean,
  allowed_origins jsonb,
  user_authentication_timeout_ms integer,
  max_backend_events_per_sec integer,
  max_client_events_per_sec integer,
  max_read_req_per_sec integer,
  max_presence_members_per_channel integer,
  max_presence_member_size_in_kb double precision,
  max_channel_name_length integer,
  max_event_channels_at_once integer,
  max_event_name_length integer,
  max_event_payload_in_kb double precision,
  max_event_batch_size integer,
  max_channels_per_connection integer,
  cache_ttl_seconds integer,
  webhooks jsonb,
  created_at timestamptz not null default now(),
  check ((previous_key is null) = (previous_secret is null))
);
create index apps_by_previous_key on apps (previous_key) where previous_key is not null;
`,
};
