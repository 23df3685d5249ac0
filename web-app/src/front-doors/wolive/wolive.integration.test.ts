import { createHmac } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, httpCaller, type Answer, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
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
    { business_id: 'auto', legacy_visitors: true, greeting: '您好，请问', agents: [agent('anna')] },
    { business_id: 'claim', legacy_visitors: true, distribution_rule: 'claim', agents: [agent('bert'), agent('cora')] },
    { business_id: 'full', legacy_visitors: true, agents: [agent('dora', { max_conversations: 1 })] },
    { business_id: 'night', legacy_visitors: true, agents: [agent('emil')] },
    { business_id: 'strict', agents: [agent('fred')] },
    { business_id: 'signed', identity_secret: 'identity-secret', agents: [agent('gina')] },
    { business_id: 'shut', state: 'close', agents: [] },
    { business_id: 'told', legacy_visitors: true, blacklist_mode: 'explicit', agents: [agent('hugo')] },
  ],
};

interface Row {
  [column: string]: unknown;
}
interface Reply {
  code: number;
  msg: string;
  data: Row;
  num?: number;
}
interface ListReply extends Omit<Reply, 'data'> {
  data: Row[];
  all_unread_count?: number;
}

const SERVICE_COLUMNS = [
  'service_id',
  'user_name',
  'nick_name',
  'business_id',
  'avatar',
  'level',
  'parent_id',
  'state',
];
const VISITER_COLUMNS = [
  'vid',
  'visiter_id',
  'visiter_name',
  'channel',
  'avatar',
  'ip',
  'from_url',
  'timestamp',
  'business_id',
  'state',
];
const QUEUE_COLUMNS = ['qid', 'visiter_id', 'service_id', 'business_id', 'state', 'timestamp'];
const CHATS_COLUMNS = ['cid', 'visiter_id', 'service_id', 'business_id', 'content', 'timestamp', 'state', 'direction'];
const MYSQL_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

let stack: Stack;
let anybody: HttpCaller;
let on: Record<'anna' | 'bert' | 'cora' | 'dora' | 'fred' | 'hugo', SignedInAgent>;

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  anybody = httpCaller(stack.webUrl);
  const arrive = (name: string) => onLine(stack.webUrl, name, PASSWORD);
  on = {
    anna: await arrive('anna'),
    bert: await arrive('bert'),
    cora: await arrive('cora'),
    dora: await arrive('dora'),
    fred: await arrive('fred'),
    hugo: await arrive('hugo'),
  };
});

afterAll(async () => {
  for (const signedIn of Object.values(on)) signedIn.leave();
  await stack.stop();
});

const notice = (business_id: string, visiter_id: string, more: Record<string, string> = {}) =>
  anybody.form<Reply>('/admin/event/notice', { business_id, visiter_id, ...more });

const chats = (fields: Record<string, string>) => anybody.form<Reply>('/admin/event/chats', fields);

let visitors = 0;
const somebody = () => `v${(visitors += 1)}`;

function expectReply(answer: Answer<Reply>, code: number, msg?: string | RegExp): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 200, code });
  if (typeof msg === 'string') expect(answer.body.msg).toBe(msg);
  else if (msg) expect(answer.body.msg).toMatch(msg);
}

async function listed(who: SignedInAgent, call: 'getchats' | 'getwait', visiterId: string): Promise<Row | undefined> {
  const { body } = await who.calls.form<ListReply>(`/admin/set/${call}`, {});
  return body.data.find((row) => row['visiter_id'] === visiterId);
}

describe('notice', () => {
  it('L8: an unknown or closed business', async () => {
    expectReply(await notice('nobody', '1'), 1, '该网站已经停止客服咨询！');
    expectReply(await notice('shut', '1'), 1, '该网站已经停止客服咨询！');
  });

  it('L9, L5: assigned, with the agent’s row', async () => {
    const id = somebody();
    const answer = await notice('auto', id, {
      channel: channelOf(id, 'auto'),
      record: 'https://shop.example/a',
      avatar: '/a.png',
      visiter_name: '王小明',
    });
    expectReply(answer, 0, '');
    const { data } = answer.body;
    expect(Object.keys(data)).toEqual(expect.arrayContaining(SERVICE_COLUMNS));
    expect(data).toMatchObject({
      service_id: on.anna.me.id,
      user_name: 'anna',
      nick_name: 'anna-nick',
      business_id: 'auto',
      level: 'service',
      state: 'online',
      content: '您好，请问',
      visiter_id: id,
      channel: channelOf(id, 'auto'),
    });
    for (const secret of ['password', 'phone', 'email', 'open_id']) expect(data).not.toHaveProperty(secret);

    const row = await listed(on.anna, 'getchats', id);
    expect(row).toMatchObject({ visiter_name: '王小明', avatar: '/a.png', from_url: 'https://shop.example/a' });
    expect((await notice('auto', id)).body.data['service_id']).toBe(on.anna.me.id);
  });

  it('L1: JSON and the /index.php prefix do as well; GET does not, since it changes something', async () => {
    const fields = { business_id: 'auto', visiter_id: somebody() };
    expectReply(await anybody.json<Reply>('POST', '/index.php/admin/event/notice', fields), 0);
    expectReply(await anybody.form<Reply>('/index.php/admin/event/notice', fields), 0);
    expect((await anybody.get(`/admin/event/notice?business_id=auto&visiter_id=${somebody()}`)).status).toBe(405);
  });

  it('L4: from_url does for record; a channel that disagrees is refused', async () => {
    const id = somebody();
    expectReply(await notice('auto', id, { from_url: 'https://shop.example/b' }), 0);
    expect(await listed(on.anna, 'getchats', id)).toMatchObject({ from_url: 'https://shop.example/b' });
    expectReply(await notice('auto', id, { channel: channelOf('other', 'auto') }), 1, /channel/);
    expectReply(await notice('auto', id, { channel: channelOf(id, 'claim') }), 1, /channel/);
    expectReply(await notice('auto', '', { channel: 'zz' }), 1, /channel/);
  });

  it('L4: visiter_id and business_id have at most 89 bytes together', async () => {
    expectReply(await notice('auto', '字'.repeat(28)), 0);
    expectReply(await notice('auto', '字'.repeat(29)), 1, /89/);
  });

  it('L2: a group that does not exist', async () => {
    expectReply(await notice('auto', somebody(), { groupid: '99' }), 1, /分组/);
    expectReply(await notice('auto', somebody(), { groupid: '0' }), 0);
  });

  it('L10: waiting under the rule claim, once however often it is asked', async () => {
    const id = somebody();
    const first = await notice('claim', id);
    expectReply(first, 2, '等待认领');
    const second = await notice('claim', id);
    expect(second.body.num).toBe(first.body.num);
    const { body } = await on.bert.calls.form<ListReply>('/admin/set/getwait', {});
    expect(body.num).toBe(body.data.length);
    expect(body.data.filter((row) => row['visiter_id'] === id)).toHaveLength(1);
  });

  it('L11: everybody at capacity: queued, and assigned when a place frees', async () => {
    const [first, second] = [somebody(), somebody()];
    expectReply(await notice('full', first), 0);
    expectReply(await notice('full', second), 2, '等待认领');
    const { qid } = (await listed(on.dora, 'getchats', first)) ?? {};
    await on.dora.calls.json('POST', `/api/v1/conversations/${String(qid)}/close`);
    expectReply(await notice('full', second), 0);
    expect(await listed(on.dora, 'getchats', second)).toBeDefined();
  });

  it('L12: nobody on line', async () => {
    expectReply(await notice('night', somebody()), 3, '请留言');
  });

  it('L13: the server makes an id where none is given, and tells its token', async () => {
    const { body } = await notice('auto', '');
    expect(body.data['visiter_id']).toMatch(/^w-[0-9a-f]{32}$/);
    expect(body.data['visitor_token']).toEqual(expect.any(String));
  });
});

describe('who may speak as a visitor', () => {
  it('L13, L14: without legacy_visitors every call after the first needs the token', async () => {
    const id = somebody();
    const first = await notice('strict', id);
    expectReply(first, 0);
    const visitor_token = String(first.body.data['visitor_token']);
    expectReply(await notice('strict', id), 1, /visitor_token/);
    expectReply(await notice('strict', id, { visitor_token: 'wrong' }), 1);
    const again = await notice('strict', id, { visitor_token });
    expectReply(again, 0);
    expect(again.body.data['visitor_token']).toBe(visitor_token);

    const message = { business_id: 'strict', visiter_id: id, service_id: String(on.fred.me.id), content: 'hello' };
    expectReply(await chats(message), 3, /visitor_token/);
    expectReply(await chats({ ...message, visitor_token: 'wrong' }), 3);
    expectReply(await chats({ ...message, visitor_token }), 0, 'success');
    const bearer = anybody.with({ Authorization: `Bearer ${visitor_token}` });
    expectReply(await bearer.form<Reply>('/admin/event/chats', message), 0, 'success');
  });

  it('L14: with legacy_visitors it is optional until it was shown once; a wrong one never passes', async () => {
    const id = somebody();
    const visitor_token = String((await notice('auto', id)).body.data['visitor_token']);
    expectReply(await notice('auto', id), 0);
    expectReply(await notice('auto', id, { visitor_token: 'wrong' }), 1);
    expectReply(await notice('auto', id, { visitor_token }), 0);
    expectReply(await notice('auto', id), 1, /visitor_token/);
  });

  it('L14: a token of one visitor is no use to another', async () => {
    const visitor_token = String((await notice('auto', somebody())).body.data['visitor_token']);
    expectReply(await notice('auto', somebody(), { visitor_token }), 1);
  });

  it('L14: a site that signs', async () => {
    const hash = createHmac('sha256', 'identity-secret').update('customer-7').digest('hex');
    expectReply(await notice('signed', 'customer-7', { hash }), 3, '请留言');
    expectReply(await notice('signed', 'customer-8', { hash }), 1);
    expectReply(await notice('signed', 'customer-7', {}), 1);
  });
});

describe('messages', () => {
  it('L15, L18: both ways', async () => {
    const id = somebody();
    const service_id = String((await notice('auto', id)).body.data['service_id']);
    const fields = {
      business_id: 'auto',
      visiter_id: id,
      service_id,
      content: '在吗？',
      avatar: '/a.png',
      record: '/p',
    };
    const sent = await chats(fields);
    expectReply(sent, 0, 'success');
    expect(Object.keys(sent.body.data).sort()).toEqual([...CHATS_COLUMNS].sort());
    expect(sent.body.data).toMatchObject({
      visiter_id: id,
      service_id: on.anna.me.id,
      business_id: 'auto',
      content: '在吗？',
      direction: 'to_service',
      state: 'unread',
    });
    expect(Math.abs(Number(sent.body.data['timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    expectReply(await anybody.form<Reply>('/admin/event/chat', fields), 0, 'success');

    const answered = await on.anna.calls.form<Reply>('/admin/set/chats', {
      visiter_id: id,
      content: '在的',
      avatar: '',
    });
    expectReply(answered, 0, 'success');
    expect(answered.body.data).toMatchObject({ direction: 'to_visiter', content: '在的' });
    const byChannel = { channel: channelOf(id, 'auto'), content: '请说' };
    expectReply(await on.anna.calls.json<Reply>('POST', '/index.php/admin/set/chats', byChannel), 0, 'success');
  });

  it('L5: markup is text, in names and messages', async () => {
    const id = somebody();
    const visiter_name = '<b onclick="x()">Bob</b>';
    const content = '<script>alert(1)</script> & <img src=x onerror=alert(2)>';
    await notice('auto', id, { visiter_name });
    const sent = await chats({ business_id: 'auto', visiter_id: id, service_id: '0', content });
    expect(sent.body.data['content']).toBe(content);
    expect(await listed(on.anna, 'getchats', id)).toMatchObject({ visiter_name, content });
  });

  it('L15: while waiting it is stored, and shown to whoever claims', async () => {
    const id = somebody();
    await notice('claim', id);
    const message = { business_id: 'claim', visiter_id: id, service_id: '0', content: 'is anybody there' };
    expectReply(await chats(message), 0, 'success');
    expect(await listed(on.bert, 'getwait', id)).toMatchObject({ content: 'is anybody there', service_id: 0 });
  });

  it('L16: a stale service_id is answered with the present agent, and nothing is stored', async () => {
    const id = somebody();
    await notice('claim', id);
    await on.bert.calls.form('/admin/set/get', { visiter_id: id });
    const message = { business_id: 'claim', visiter_id: id, content: 'to whom' };
    const stale = await chats({ ...message, service_id: String(on.cora.me.id) });
    expectReply(stale, 3);
    expect(stale.body.data).toMatchObject({ service_id: on.bert.me.id, user_name: 'bert' });
    expect((await listed(on.bert, 'getchats', id))?.['content']).not.toBe('to whom');
    expectReply(await chats({ ...message, service_id: String(on.bert.me.id) }), 0, 'success');
  });

  it('L15: after a close a message reopens, to the agent before', async () => {
    const id = somebody();
    await notice('auto', id);
    const { qid } = (await listed(on.anna, 'getchats', id)) ?? {};
    await on.anna.calls.json('POST', `/api/v1/conversations/${String(qid)}/close`);
    expect(await listed(on.anna, 'getchats', id)).toBeUndefined();
    const again = { business_id: 'auto', visiter_id: id, service_id: String(on.anna.me.id), content: 'again' };
    expectReply(await chats(again), 0, 'success');
    expect(await listed(on.anna, 'getchats', id)).toMatchObject({ qid, content: 'again' });
  });

  it('L2: refused messages say why and are not stored', async () => {
    const id = somebody();
    await notice('auto', id);
    const message = { business_id: 'auto', visiter_id: id, service_id: '0' };
    expectReply(await chats({ ...message, content: '' }), 3, '消息不能为空');
    expectReply(await chats({ ...message, content: '字'.repeat(10_001) }), 3, '内容过长');
    expectReply(await chats(message), 3, /content/);
    expectReply(await chats({ ...message, content: 'x', service_id: 'abc' }), 3, /service_id/);
    expectReply(await chats({ ...message, content: 'x', visiter_id: 'unknown' }), 3);
    expectReply(await chats({ ...message, content: 'x', business_id: 'nobody' }), 3);
    expectReply(
      await on.anna.calls.form<Reply>('/admin/set/chats', { visiter_id: id, content: '' }),
      1,
      '消息不能为空',
    );
    expect((await listed(on.anna, 'getchats', id))?.['count']).toBe(0);
  });

  it('L18: only to one’s own conversations', async () => {
    const id = somebody();
    await notice('claim', id);
    const send = (who: SignedInAgent, visiter_id: string) =>
      who.calls.form<Reply>('/admin/set/chats', { visiter_id, content: 'x' });
    expectReply(await send(on.cora, id), 1);
    await on.bert.calls.form('/admin/set/get', { visiter_id: id });
    expectReply(await send(on.cora, id), 1);
    expectReply(await send(on.anna, id), 1);
    expectReply(await send(on.bert, 'unknown'), 1);
    expectReply(await send(on.bert, ''), 1);
    expectReply(await send(on.bert, id), 0, 'success');
  });
});

describe('agents’ lists', () => {
  it('L19: getchats has rows, counts and order', async () => {
    const [first, second] = [somebody(), somebody()];
    for (const id of [first, second]) {
      await notice('claim', id);
      await on.cora.calls.form('/admin/set/get', { visiter_id: id });
    }
    await chats({ business_id: 'claim', visiter_id: first, service_id: '0', content: 'one' });
    await chats({ business_id: 'claim', visiter_id: first, service_id: '0', content: 'two' });
    await on.cora.calls.form('/admin/set/chats', { visiter_id: second, content: 'read all' });
    const { status, body } = await on.cora.calls.get<ListReply>('/admin/set/getchats');
    expect(status).toBe(200);
    const mine = body.data.filter((row) => row['visiter_id'] === first || row['visiter_id'] === second);
    expect(mine.map((row) => row['visiter_id'])).toEqual([first, second]);
    const [row, read] = mine;
    expect(Object.keys(row ?? {})).toEqual(expect.arrayContaining(VISITER_COLUMNS));
    expect(Object.keys(row?.['queue'] ?? {}).sort()).toEqual([...QUEUE_COLUMNS].sort());
    expect(row).toMatchObject({ content: 'two', order: 2, service_id: on.cora.me.id, state: 'offline' });
    expect(row?.['timestamp']).toMatch(MYSQL_TIME);
    expect(Number(row?.['count'])).toBeGreaterThanOrEqual(2);
    expect(read).toMatchObject({ content: 'read all', count: 0, order: 4 });
    expect(body.all_unread_count).toBe(body.data.reduce((sum, each) => sum + Number(each['count']), 0));
  });

  it('L19: without conversations the list is empty', async () => {
    const emil = await signIn(stack.webUrl, 'emil', PASSWORD);
    const { body } = await emil.calls.form<ListReply>('/admin/set/getchats', {});
    expect(body).toMatchObject({ code: 0, data: [], all_unread_count: 0 });
  });

  it('L20: getwait has the longest wait first', async () => {
    const [first, second] = [somebody(), somebody()];
    for (const id of [first, second]) await notice('claim', id);
    const { body } = await on.bert.calls.get<ListReply>('/index.php/admin/set/getwait');
    const order = body.data.map((row) => row['visiter_id']).filter((id) => id === first || id === second);
    expect(order).toEqual([first, second]);
  });

  it('L21: fifty claims, one winner; the others are told', async () => {
    const id = somebody();
    await notice('claim', id);
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        (n % 2 ? on.bert : on.cora).calls.form<Reply>('/admin/set/get', { visiter_id: id }),
      ),
    );
    const holders = await Promise.all([on.bert, on.cora].map((who) => listed(who, 'getchats', id)));
    expect(holders.filter((row) => row !== undefined)).toHaveLength(1);
    const winner = holders[0] ? 1 : 0;
    claims.forEach(({ status, body }, n) => {
      const won = n % 2 === winner;
      expect({ status, code: body.code, msg: body.msg }).toEqual(
        won ? { status: 200, code: 0, msg: 'success' } : { status: 200, code: 1, msg: '该访客已被认领' },
      );
    });
    expect(claims.find(({ body }) => body.code === 0)?.body.data).toMatchObject({ visiter_id: id });
    expectReply(await on.bert.calls.form<Reply>('/admin/set/get', { visiter_id: 'unknown' }), 1);
    expectReply(await on.anna.calls.form<Reply>('/admin/set/get', { visiter_id: id }), 1);
  });
});

describe('sessions and sites', () => {
  const AGENT_CALLS = ['getchats', 'getwait', 'get', 'chats'];

  it.each(AGENT_CALLS)('L3: set/%s without a session', async (call) => {
    for (const path of [`/admin/set/${call}`, `/index.php/admin/set/${call}`]) {
      const { status, body } = await anybody.form<Reply>(path, { visiter_id: '1', content: 'x' });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 401 });
    }
  });

  it.each(AGENT_CALLS)('L6: set/%s refuses a foreign Origin and has no CORS', async (call) => {
    const foreign = on.anna.calls.with({ Origin: 'https://evil.example' });
    const { status, headers } = await foreign.form(`/admin/set/${call}`, { visiter_id: '1', content: 'x' });
    expect(status).toBe(403);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('L6: visitors’ calls are open to every site, without credentials', async () => {
    const site = anybody.with({ Origin: 'https://shop.example' });
    const { headers } = await site.form('/admin/event/notice', { business_id: 'auto', visiter_id: somebody() });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect((await site.json('OPTIONS', '/admin/event/chats')).status).toBe(204);
  });

  it('L22: signing in by JSON, by XHR, by form', async () => {
    const credentials = { user_name: 'anna', password: PASSWORD };
    const json = await anybody.json<Reply>('POST', '/admin/login', credentials);
    expectReply(json, 0, '');
    expect(Object.keys(json.body.data)).toEqual(expect.arrayContaining([...SERVICE_COLUMNS, 'phone', 'email']));
    expect(json.body.data).not.toHaveProperty('password');
    const session = anybody.with({ Cookie: cookiesOf(json) });
    expect((await session.form<ListReply>('/admin/set/getchats', {})).body.code).toBe(0);

    const xhr = await anybody.with({ 'X-Requested-With': 'XMLHttpRequest' }).form<Reply>('/admin/login', credentials);
    expectReply(xhr, 0, '');
    const form = await anybody.form('/index.php/admin/login', credentials);
    expect({ status: form.status, to: form.headers.get('location') }).toEqual({ status: 303, to: '/console/' });
    expect(cookiesOf(form)).not.toBe('');
    expect((await anybody.get('/admin/login')).headers.get('location')).toBe('/console/');
  });

  it('L22: a wrong name and a wrong password are the same', async () => {
    const name = await anybody.json<Reply>('POST', '/admin/login', { user_name: 'nobody', password: PASSWORD });
    const password = await anybody.json<Reply>('POST', '/admin/login', { user_name: 'anna', password: 'wrong' });
    expectReply(name, 1);
    expect(password.body).toEqual(name.body);
    const foreign = anybody.with({ Origin: 'https://evil.example' });
    expect((await foreign.json('POST', '/admin/login', { user_name: 'anna', password: PASSWORD })).status).toBe(403);
  });
});

describe('the black-list', () => {
  async function blacklist(slug: string, visiterId: string): Promise<void> {
    const client = new pg.Client(stack.databaseUrl);
    await client.connect();
    await client.query(
      `insert into blacklist (business_id, user_id)
       select b.id, u.id from businesses b join users u on u.business_id = b.id where b.slug = $1 and u.uid = $2`,
      [slug, visiterId],
    );
    await client.end();
  }

  async function closedAndListed(slug: string, who: SignedInAgent): Promise<string> {
    const id = somebody();
    await notice(slug, id);
    const { qid } = (await listed(who, 'getchats', id)) ?? {};
    await who.calls.json('POST', `/api/v1/conversations/${String(qid)}/close`);
    await blacklist(slug, id);
    return id;
  }

  it('L17: silent: the last agent’s row, and messages go nowhere', async () => {
    const id = await closedAndListed('auto', on.anna);
    const answer = await notice('auto', id);
    expectReply(answer, 0);
    expect(answer.body.data['service_id']).toBe(on.anna.me.id);
    const message = { business_id: 'auto', visiter_id: id, service_id: String(on.anna.me.id), content: 'hello' };
    expectReply(await chats(message), 0, 'success');
    expect(await listed(on.anna, 'getchats', id)).toBeUndefined();
  });

  it('L17: explicit', async () => {
    const id = await closedAndListed('told', on.hugo);
    expectReply(await notice('told', id), 1, '您已被加入黑名单');
  });
});

describe('webhook', () => {
  const body = JSON.stringify({ time_ms: 1, events: [{ name: 'channel_added', channel: 'private-kefu1' }] });
  const signed = (text: string, secret: string) =>
    anybody
      .with({
        'X-Pusher-Key': stack.app.key,
        'X-Pusher-Signature': createHmac('sha256', secret).update(text).digest('hex'),
      })
      .raw('POST', '/admin/event', 'application/json', text);

  it('L23: signed, not signed, and no webhook', async () => {
    expect((await signed(body, stack.app.secret)).status).toBe(200);
    expect((await signed(body, 'another secret')).status).toBe(401);
    expect((await anybody.raw('POST', '/admin/event', 'application/json', body)).status).toBe(401);
    for (const text of ['{', '[]', '{"events":[{"name":1}]}', '']) {
      expect((await signed(text, stack.app.secret)).status).toBe(400);
    }
    expect((await signed('x'.repeat(3 * 1024 * 1024), stack.app.secret)).status).toBe(413);
  });
});

describe('wrong types in every field of every call', () => {
  const WRONG: unknown[] = [null, true, [], ['a'], {}, 'a\0b', '\ud800', 'x'.repeat(20_000)];
  const CASES: [string, 'visitor' | 'agent', Record<string, unknown>, number][] = [
    [
      '/admin/event/notice',
      'visitor',
      {
        business_id: 'auto',
        visiter_id: 'types',
        channel: '',
        record: '',
        from_url: '',
        avatar: '',
        visiter_name: 'n',
        groupid: '0',
        visitor_token: '',
        hash: '',
      },
      1,
    ],
    [
      '/admin/event/chats',
      'visitor',
      { business_id: 'auto', visiter_id: 'types', service_id: '0', content: 'x', record: '', client_id: 'c' },
      3,
    ],
    ['/admin/set/chats', 'agent', { visiter_id: 'types', channel: '', content: 'x', client_id: 'c' }, 1],
    ['/admin/set/get', 'agent', { visiter_id: 'types', channel: '' }, 1],
    ['/admin/login', 'visitor', { user_name: 'anna', password: 'x' }, 1],
  ];

  describe.each(CASES)('L2: %s', (path, who, valid, failure) => {
    const send = (fields: unknown) => (who === 'agent' ? on.anna.calls : anybody).json<Reply>('POST', path, fields);

    it.each(Object.keys(valid))('%s', async (field) => {
      for (const value of WRONG) {
        const { status, body } = await send({ ...valid, [field]: value });
        expect({ value, status, code: body.code }).toEqual({ value, status: 200, code: failure });
      }
    });

    it('no fields, no object, unreadable, too large', async () => {
      expect((await send({})).body.code).toBe(failure);
      expect((await send([1])).body.code).toBe(failure);
      const caller = who === 'agent' ? on.anna.calls : anybody;
      const malformed = await caller.raw<Reply>('POST', path, 'application/json', '{"a":');
      expect({ status: malformed.status, code: malformed.body.code }).toEqual({ status: 200, code: failure });
      const large = await caller.raw<Reply>(
        'POST',
        path,
        'application/json',
        JSON.stringify({ x: 'x'.repeat(300_000) }),
      );
      expect({ status: large.status, code: large.body.code }).toEqual({ status: 413, code: failure });
      const text = await caller.raw<Reply>('POST', path, 'text/plain', 'business_id=auto');
      expect(text.body.code).toBe(failure);
    });
  });
});
