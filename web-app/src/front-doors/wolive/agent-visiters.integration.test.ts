import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import {
  closeOf,
  expectReply,
  listed,
  visiterCalls,
  type WoliveList,
  type WoliveReply,
} from '../../../../test-support/wolive-calls.ts';
import { channelOf } from './channel.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string, more: object = {}) => ({
  user_name,
  nick_name: `${user_name}-nick`,
  password: PASSWORD,
  max_conversations: 500,
  ...more,
});
const bootstrap = {
  businesses: [
    {
      business_id: 'desk',
      legacy_visitors: true,
      agents: [
        agent('anna'),
        agent('away'),
        agent('tiny', { max_conversations: 0 }),
        agent('boss', { level: 'manager' }),
      ],
    },
    { business_id: 'line', legacy_visitors: true, distribution_rule: 'claim', agents: [agent('lena'), agent('lars')] },
    { business_id: 'other', legacy_visitors: true, agents: [agent('olga')] },
  ],
};

let stack: Stack;
let db: pg.Client;
let notice: ReturnType<typeof visiterCalls>['notice'];
let chats: ReturnType<typeof visiterCalls>['chats'];
let anna: SignedInAgent;
let tiny: SignedInAgent;
let lena: SignedInAgent;
let lars: SignedInAgent;

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  db = new pg.Client(stack.databaseUrl);
  await db.connect();
  ({ notice, chats } = visiterCalls(stack.webUrl));
  const arrive = (name: string) => onLine(stack.webUrl, name, PASSWORD);
  [anna, tiny, lena, lars] = [await arrive('anna'), await arrive('tiny'), await arrive('lena'), await arrive('lars')];
});

afterAll(async () => {
  for (const signedIn of [anna, tiny, lena, lars]) signedIn.leave();
  await db.end();
  await stack.stop();
});

const set = (who: SignedInAgent, call: string, fields: Record<string, string>) =>
  who.calls.form<WoliveReply>(`/admin/set/${call}`, fields);
const list = (who: SignedInAgent, call: string, fields: Record<string, string> = {}) =>
  who.calls.form<WoliveList>(`/admin/set/${call}`, fields);
const idsIn = async (who: SignedInAgent, call: string) =>
  (await list(who, call)).body.data.map((row) => row['visiter_id']);
const say = (visiter_id: string, content: string, business_id = 'desk') =>
  chats({ business_id, visiter_id, service_id: '0', content });

let visitors = 0;
/** A visitor who has just come. */
async function somebody(business_id = 'desk'): Promise<string> {
  const id = `v${(visitors += 1)}`;
  await notice(business_id, id);
  return id;
}

it('L56: the last words, whatever they were made of; notices are none', async () => {
  const id = await somebody();
  expect(await listed(anna, 'getchats', id)).toMatchObject({ content: '', count: 0 });
  await say(id, 'a < b');
  expect(await listed(anna, 'getchats', id)).toMatchObject({ content: 'a &lt; b', count: 1 });
  const file = { key: 'ab'.repeat(16), name: 'x.png', size: 3 };
  const kinds = [
    ['image', { ...file, width: 1, height: 1 }, '[图片]'],
    ['file', file, '[文件]'],
    ['voice', { ...file, durationMs: 900 }, '[语音]'],
    ['card', { pid: '1', url: '', image: '', title: 'Tea', info: '', price: '' }, '[商品]'],
    ['call', { kind: 'audio', outcome: 'missed', durationS: 0 }, '[通话]'],
  ] as const;
  for (const [type, content, words] of kinds) {
    await db.query(
      `update messages set type = $1, content = $2 where sender_role = 'customer' and conversation_id =
         (select c.id from conversations c join users u on u.id = c.customer_id where u.uid = $3)`,
      [type, JSON.stringify(content), id],
    );
    expect(await listed(anna, 'getchats', id)).toMatchObject({ content: words });
  }
  await set(anna, 'getswitch', { visiter_id: id, id: String(anna.me.id) });
  expect(await listed(anna, 'getchats', id)).toMatchObject({ content: '[通话]' });
});

it('L19: on line with unread, off line with unread, on line, off line', async () => {
  const [there, gone, thereToo, goneToo] = [await somebody(), await somebody(), await somebody(), await somebody()];
  await say(gone, 'unread');
  await say(there, 'unread');
  await db.query(
    `insert into presence (user_id, business_id, online)
     select id, business_id, true from users where uid = any($1) on conflict (user_id) do update set online = true`,
    [[there, thereToo]],
  );
  const { data, all_unread_count } = (await list(anna, 'getchats')).body;
  const own = data.filter((row) => [there, gone, thereToo, goneToo].includes(String(row['visiter_id'])));
  expect(own.map((row) => [row['visiter_id'], row['order']])).toEqual([
    [there, 1],
    [gone, 2],
    [thereToo, 3],
    [goneToo, 4],
  ]);
  expect(all_unread_count).toBe(data.reduce((sum, row) => sum + Number(row['count']), 0));
});

it('L57: a black-listed visitor leaves the lists, is listed as such, and comes back', async () => {
  const [first, second] = [await somebody(), await somebody()];
  expectReply(await set(anna, 'blacklist', { channel: channelOf(first, 'desk') }), 0, 'success');
  expectReply(await set(anna, 'blacklist', { channel: channelOf(first, 'desk') }), 0);
  expectReply(await set(anna, 'blacklist', { visiter_id: second }), 0);
  expect(await idsIn(anna, 'getchats')).not.toContain(first);
  const black = (await list(anna, 'getblackdata')).body.data;
  expect(black.map((row) => row['visiter_id'])).toEqual([second, first]);
  expect(black[1]).toMatchObject({
    channel: channelOf(first, 'desk'),
    business_id: 'desk',
    queue: { visiter_id: first, service_id: 0, state: 'in_black_list' },
  });
  expect((await list(lena, 'getblackdata')).body).toEqual({ code: 0, msg: '', data: [] });

  // They are not told, and nothing arrives (L17).
  expectReply(await notice('desk', first), 0);
  expectReply(await say(first, 'hello?'), 0, 'success');
  expect(await idsIn(anna, 'getchats')).not.toContain(first);
  expectReply(await set(anna, 'getchatnow', { visiter_id: first }), 1);

  expectReply(await set(anna, 'removeblacklist', { channel: channelOf(first, 'desk') }), 0, 'success');
  expectReply(await set(anna, 'removeblacklist', { channel: channelOf(first, 'desk') }), 0);
  expectReply(await notice('desk', first), 0);
  expect(await idsIn(anna, 'getchats')).toContain(first);
});

it('L57: one who waits leaves the line', async () => {
  const id = await somebody('line');
  expect(await idsIn(lena, 'getwait')).toContain(id);
  expectReply(await set(lars, 'blacklist', { visiter_id: id }), 0);
  expect(await idsIn(lena, 'getwait')).not.toContain(id);
  expectReply(await set(lena, 'get', { visiter_id: id }), 1);
});

it('L58: a closed conversation comes back with its row, however the row is sent; a colleague’s does not', async () => {
  const id = await somebody();
  await say(id, 'do not forget me');
  const row = await listed(anna, 'getchats', id);
  await set(anna, 'getwatch', { visiter_id: id });
  const ways = [
    () => anna.calls.json<WoliveReply>('POST', '/admin/set/getchatnow', row),
    () => anna.calls.json<WoliveReply>('POST', '/admin/set/getchatnow', { sdata: row }),
    () => set(anna, 'getchatnow', { sdata: JSON.stringify(row) }),
    () => set(anna, 'getchatnow', { visiter_id: id, channel: channelOf(id, 'desk'), visiter_name: 'x' }),
  ];
  for (const way of ways) {
    await closeOf(anna, id);
    const answer = await way();
    expectReply(answer, 0);
    expect(answer.body.data).toMatchObject({ visiter_id: id, service_id: anna.me.id, content: 'do not forget me' });
    expect(await idsIn(anna, 'getchats')).toContain(id);
    expectReply(await way(), 0);
  }
  expectReply(await set(tiny, 'getchatnow', { visiter_id: id }), 1, '该访客已被认领');
  for (const sdata of ['{', '[]', '7', '{"visiter_id":{}}']) expectReply(await set(anna, 'getchatnow', { sdata }), 1);
});

it('L59, L60: how much waits for an agent, and that it was read', async () => {
  const id = await somebody();
  const channel = channelOf(id, 'desk');
  await say(id, 'one');
  await say(id, 'two');
  expect((await set(anna, 'getmessage', { channel })).body).toEqual({ code: 0, msg: '', data: 2 });
  expect((await set(tiny, 'getmessage', { channel })).body.data).toBe(0);
  expect((await set(anna, 'getwatch', { channel })).body).toEqual({ code: 0, msg: 'success' });
  expect((await set(anna, 'getmessage', { channel })).body.data).toBe(0);
  expect(await listed(anna, 'getchats', id)).toMatchObject({ count: 0 });
  const rows = (await list(anna, 'getviews', { channel, puttime: 'week' })).body.data;
  expect(rows.map((row) => row['state'])).toEqual(['readed', 'readed']);
});

it('L61: done is done, for the own agent and for managers', async () => {
  const [own, bosses] = [await somebody(), await somebody()];
  expectReply(await set(tiny, 'deletes', { visiter_id: own }), 1);
  expect(await idsIn(anna, 'getchats')).toContain(own);
  expectReply(await set(anna, 'deletes', { visiter_id: own }), 0, 'success');
  expectReply(await set(anna, 'deletes', { visiter_id: own }), 0);
  expect(await idsIn(anna, 'getchats')).not.toContain(own);
  expectReply(await set(await signIn(stack.webUrl, 'boss', PASSWORD), 'deletes', { visiter_id: bosses }), 0);
  expect(await idsIn(anna, 'getchats')).not.toContain(bosses);
});

it('L62: given to a colleague, who has what was unread', async () => {
  const id = await somebody('line');
  expectReply(await set(lena, 'get', { visiter_id: id }), 0);
  await say(id, 'please help', 'line');
  const given = await set(lena, 'getswitch', { id: String(lars.me.id), visiter_id: id, name: 'lars-nick' });
  expect(given.body).toEqual({ code: 0, msg: 'success' });
  expect(await idsIn(lena, 'getchats')).not.toContain(id);
  expect(await listed(lars, 'getchats', id)).toMatchObject({
    service_id: lars.me.id,
    count: 1,
    content: 'please help',
  });
  const stale = await chats({ business_id: 'line', visiter_id: id, service_id: String(lena.me.id), content: 'Lena?' });
  expectReply(stale, 3);
  expect(stale.body.data).toMatchObject({ service_id: lars.me.id });
});

it('L62: not to somebody away, full, or nobody, and not a colleague’s', async () => {
  const id = await somebody();
  const away = await signIn(stack.webUrl, 'away', PASSWORD);
  for (const to of [away.me.id, tiny.me.id, lars.me.id, 0, 999_999]) {
    expectReply(await set(anna, 'getswitch', { id: String(to), visiter_id: id, name: '' }), 1);
  }
  expectReply(await set(tiny, 'getswitch', { id: String(tiny.me.id), visiter_id: id }), 1);
  expectReply(await set(anna, 'getswitch', { id: 'x', visiter_id: id }), 1, /id/);
  expect(await listed(anna, 'getchats', id)).toMatchObject({ service_id: anna.me.id });
});

it('L63: with whom an agent has talked, by user name, nickname or id', async () => {
  const [first, second] = [await somebody('line'), await somebody('line')];
  for (const id of [second, first]) await set(lars, 'get', { visiter_id: id });
  for (const service of ['lars', 'LARS', 'lars-nick', String(lars.me.id)]) {
    const { code, data } = (await list(lena, 'getvisiters', { service })).body;
    expect({ code, met: data.slice(0, 2).map((row) => row['visiter_id']) }).toEqual({ code: 0, met: [first, second] });
  }
  expect((await list(lena, 'getvisiters', { service: 'lars' })).body.data[0]).toMatchObject({
    channel: channelOf(first, 'line'),
    business_id: 'line',
  });
  for (const service of ['', 'nobody', 'anna', 'x'.repeat(65)]) {
    expectReply(await set(lena, 'getvisiters', { service }), 1);
  }
});

it('L68: somebody who is not there, or is another business’s, is 1 everywhere', async () => {
  await notice('other', 'foreign');
  const CALLS = [
    'blacklist',
    'removeblacklist',
    'deletes',
    'getswitch',
    'getchatnow',
    'getmessage',
    'getwatch',
    'getviews',
  ];
  for (const call of [...CALLS, 'getdesignForViews', 'get', 'chats']) {
    const more = { id: String(anna.me.id), puttime: '7', start: '2026-01-01', end: '2026-01-02', content: 'x' };
    for (const named of [{ visiter_id: 'foreign' }, { visiter_id: 'nobody' }, {}]) {
      expectReply(await set(anna, call, { ...more, ...named }), 1);
    }
    expectReply(await set(anna, call, { ...more, channel: channelOf('foreign', 'other') }), 1, /channel/);
  }
  expect(
    (await db.query('select 1 from blacklist b join users u on u.id = b.user_id and u.uid = $1', ['foreign'])).rows,
  ).toEqual([]);
});
