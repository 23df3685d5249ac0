/** What people sent up. The bytes lie in FILES_DIR under the key. */
export const files = {
  name: '0007_files',
  sql: `
create table files (
  id bigint generated always as identity primary key,
  business_id bigint references businesses,
  key text not null constraint files_key_once unique check (key ~ '^[0-9a-f]{32}$'),
  uploader_id bigint,
  name text not null check (char_length(name) between 1 and 200),
  type text not null check (char_length(type) between 1 and 100),
  size bigint not null check (size > 0),
  width int check (width > 0),
  height int check (height > 0),
  sha256 bytea not null check (octet_length(sha256) = 32),
  message_id bigint,
  kept boolean not null default false,
  created_at timestamptz not null default now(),
  unique (business_id, id),
  foreign key (business_id, uploader_id) references users (business_id, id),
  foreign key (business_id, message_id) references messages (business_id, id),
  check ((width is null) = (height is null)),
  check (business_id is not null or (uploader_id is null and message_id is null))
);
comment on column files.business_id is 'null: sent up by a stranger who named no business, until a message takes it';
comment on column files.kept is 'used outside of messages (an avatar): never swept';
create index files_unsent on files (created_at) where message_id is null and not kept;
create index files_of_uploader on files (business_id, uploader_id);
create index files_of_message on files (business_id, message_id) where message_id is not null;
`,
};
