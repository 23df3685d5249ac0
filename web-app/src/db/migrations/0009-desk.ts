/**
 * What customers think of an episode; indexes of long lists; and the tables of WoLive's document as views, so that a
 * site's reports keep working. A view joins, or is made so that nothing can be written through it.
 */
export const desk = {
  name: '0009_desk',
  sql: `
create table ratings (
  id bigint generated always as identity primary key,
  business_id bigint not null,
  episode_id bigint not null constraint ratings_episode_once unique,
  score smallint not null check (score between 1 and 5),
  comments text not null default '' check (char_length(comments) <= 1000),
  rated_at timestamptz not null default now(),
  closed_for_change_at timestamptz not null,
  foreign key (business_id, episode_id) references episodes (business_id, id)
);
create index ratings_for_reports on ratings (business_id, rated_at);

create index episodes_of_conversation on episodes (conversation_id, id desc);
create index requests_taken on requests (team_id, ended_at desc) where status = 1;

create function wolive_escaped(words text) returns text language sql immutable strict parallel safe as $$
  select replace(replace(replace(words, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
$$;
comment on function wolive_escaped is 'HTML that shows exactly this text';

create function wolive_file_url(content jsonb) returns text language sql stable strict as $$
  select coalesce((select value from settings where name = 'web_url'), '') || '/files/' || (content->>'key') || '/'
    || coalesce((select string_agg(
         case when c ~ '^[A-Za-z0-9_.!~*''()-]$' then c
              else regexp_replace(upper(encode(convert_to(c, 'UTF8'), 'hex')), '(..)', '%\\1', 'g') end, '' order by n)
       from regexp_split_to_table(content->>'name', '') with ordinality as letters (c, n)), '')
$$;
comment on function wolive_file_url is 'where browsers find a file; the address of this server is what its last start was given';

create function wolive_content(type text, content jsonb) returns text language sql stable strict as $$
  select case type
    when 'text' then wolive_escaped(content->>'text')
    when 'image' then '<img src="' || wolive_file_url(content) || '" alt="'
      || replace(wolive_escaped(content->>'name'), '"', '&quot;') || '">'
    when 'file' then '<a href="' || wolive_file_url(content) || '" download="'
      || replace(wolive_escaped(content->>'name'), '"', '&quot;') || '">' || wolive_escaped(content->>'name') || '</a>'
    when 'voice' then '<audio controls src="' || wolive_file_url(content) || '"></audio>'
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
comment on function wolive_content is 'a message as HTML, word for word as WoLive''s calls answer it';

create view wolive_service as
  select a.user_id as service_id, a.user_name, u.nickname as nick_name, a.phone, a.email, b.slug as business_id,
         coalesce(nullif(u.avatar, ''), '/assets/images/admin/avatar-admin2.png') as avatar, a.level, 0 as parent_id,
         case when coalesce(p.online, false) and a.manual_status <> 'offline' then 'online' else 'offline' end as state
    from agents a join users u on u.id = a.user_id join businesses b on b.id = a.business_id
    left join presence p on p.user_id = a.user_id;

create view wolive_visiter as
  select u.id as vid, u.uid as visiter_id, u.nickname as visiter_name, v.channel, u.avatar,
         coalesce(host(v.ip), '') as ip, v.page as from_url,
         date_trunc('second', v.last_seen_at at time zone b.timezone)::timestamp(0) as timestamp, b.slug as business_id,
         case when coalesce(p.online, false) then 'online' else 'offline' end as state
    from visitors v join users u on u.id = v.user_id join businesses b on b.id = v.business_id
    left join presence p on p.user_id = v.user_id;

create view wolive_business as
  select b.id as wid, b.slug as business_id, b.distribution_rule,
         coalesce(b.settings->>'videoState', 'open') as video_state,
         coalesce(b.settings->>'audioState', 'open') as audio_state,
         coalesce(b.settings->>'voiceState', 'open') as voice_state, '' as voice_address, b.state
    from businesses b cross join (select 1) as never_written;

create view wolive_chats as
  select m.id as cid, u.uid as visiter_id,
         case when m.sender_role = 'agent' then m.sender_id else coalesce(e.agent_id, 0) end as service_id,
         b.slug as business_id, wolive_content(m.type, m.content) as content,
         floor(extract(epoch from m.created_at))::int as timestamp,
         case when m.seq <= (select coalesce(max(p.read_seq), 0) from participants p where p.conversation_id = c.id
                and p.role = case when m.sender_role = 'customer' then 'agent' else 'customer' end)
              then 'readed' else 'unread' end as state,
         case when m.sender_role = 'customer' then 'to_service' else 'to_visiter' end as direction
    from messages m join conversations c on c.business_id = m.business_id and c.id = m.conversation_id
    join users u on u.id = c.customer_id join businesses b on b.id = m.business_id
    left join episodes e on e.id = m.episode_id
   where c.kind = 'service' and m.type <> 'system';

create view wolive_message as
  select l.id as mid, l.content, l.name, l.phone as moblie, l.email, b.slug as business_id,
         date_trunc('second', l.created_at at time zone b.timezone)::timestamp(0) as timestamp
    from leave_messages l join businesses b on b.id = l.business_id;

create view wolive_question as
  select f.id as qid, b.slug as business_id, f.question, f.answer, f.answer_html as answer_read
    from faqs f join businesses b on b.id = f.business_id;

create view wolive_queue as
  select c.id as qid, u.uid as visiter_id, coalesce(c.agent_id, 0) as service_id, b.slug as business_id,
         case when exists (select 1 from blacklist l where l.business_id = c.business_id and l.user_id = c.customer_id)
              then 'in_black_list' when c.state = 'closed' then 'complete' else 'normal' end as state,
         date_trunc('second', coalesce(r.created_at, c.last_message_at, c.created_at) at time zone b.timezone)::timestamp(0)
           as timestamp
    from conversations c join users u on u.id = c.customer_id join businesses b on b.id = c.business_id
    left join requests r on r.conversation_id = c.id and r.status = 0
   where c.kind = 'service' and c.state <> 'none';

create view wolive_sentence as
  select g.id as sid, g.content, g.user_id as service_id, 'using' as state
    from greetings g join agents a on a.user_id = g.user_id;

create view wolive_tablist as
  select t.id as tid, t.title, t.content, t.content_html as content_read, b.slug as business_id
    from tabs t join businesses b on b.id = t.business_id;
`,
};
