/**
 * Agents' WeChat ids, the codes by which they are bound, and what is still to be told there. A voice message is a link
 * inside of its player, for readers that show none: word for word as `wolive-wire/message-html` does.
 */
export const weixin = {
  name: '0011_weixin',
  sql: `
create table weixin_bindings (
  id bigint generated always as identity unique,
  user_id bigint primary key,
  business_id bigint not null,
  open_id text not null check (char_length(open_id) between 1 and 128),
  created_at timestamptz not null default now(),
  foreign key (business_id, user_id) references agents (business_id, user_id)
);

create table weixin_codes (
  user_id bigint primary key,
  business_id bigint not null,
  code_hash bytea not null constraint weixin_codes_once unique,
  expires_at timestamptz not null,
  foreign key (business_id, user_id) references agents (business_id, user_id)
);

create table weixin_notices (
  conversation_id bigint not null,
  user_id bigint not null,
  business_id bigint not null,
  seq int not null,
  due_at timestamptz,
  claimed_until timestamptz,
  attempts int not null default 0,
  sent_at timestamptz,
  primary key (conversation_id, user_id),
  foreign key (business_id, conversation_id) references conversations (business_id, id),
  foreign key (business_id, user_id) references agents (business_id, user_id)
);
comment on column weixin_notices.seq is 'the latest message that the notice is about';
comment on column weixin_notices.due_at is 'null: nothing is to be told';
create index weixin_notices_due on weixin_notices (due_at) where due_at is not null;

create view wolive_weixin as
  select w.id as wid, w.user_id as service_id, w.open_id
    from weixin_bindings w join agents a on a.user_id = w.user_id;

create or replace function wolive_content(type text, content jsonb) returns text language sql stable strict as $$
  select case type
    when 'text' then wolive_escaped(content->>'text')
    when 'image' then '<img src="' || wolive_file_url(content) || '" alt="'
      || replace(wolive_escaped(content->>'name'), '"', '&quot;') || '">'
    when 'file' then '<a href="' || wolive_file_url(content) || '" download="'
      || replace(wolive_escaped(content->>'name'), '"', '&quot;') || '">' || wolive_escaped(content->>'name') || '</a>'
    when 'voice' then '<audio controls src="' || wolive_file_url(content) || '"><a href="' || wolive_file_url(content)
      || '">[语音]</a></audio>'
    when 'card' then concat_ws(' ',
      case when content->>'url' = '' then coalesce(nullif(wolive_escaped(content->>'title'), ''),
             nullif(wolive_escaped(content->>'price'), ''), wolive_escaped(content->>'info'))
           else '<a href="' || replace(wolive_escaped(content->>'url'), '"', '&quot;')
             || '" target="_blank" rel="noopener">' || coalesce(nullif(wolive_escaped(content->>'title'), ''),
             nullif(wolive_escaped(content->>'price'), ''), wolive_escaped(content->>'info')) || '</a>' end,
      case when content->>'title' <> '' then nullif(wolive_escaped(content->>'price'), '') end,
      case when content->>'title' <> '' or content->>'price' <> '' then nullif(wolive_escaped(content->>'info'), '') end)
    when 'call' then '[通话]'
    else '' end
$$;
`,
};
