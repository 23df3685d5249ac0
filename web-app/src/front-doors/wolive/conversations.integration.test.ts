import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagesOf, say, textsOf, visit } from '../../../../test-support/api-visit.ts';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
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

const bootstrap = {
  businesses: [
    { business_id: 'auto', legacy_visitors: true, agents: [agent('anna'), agent('emil')] },
    { business_id: 'claim', legacy_visitors: true, distribution_rule: 'claim', agents: [agent('bert'), agent('cora')] },
  ],
};

let stack: Stack;
let anybody: HttpCaller;
let notice: ReturnType<typeof visiterCalls>['notice'];
let chats: ReturnType<typeof visiterCalls>['chats'];
let on: Record<'anna' | 'bert' | 'cora', SignedInAgent>;

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  anybody = httpCaller(stack.webUrl);
  ({ notice, chats } = visiterCalls(stack.webUrl));
  const arrive = (name: string) => onLine(stack.webUrl, name, PASSWORD);
  on = { anna: await arrive('anna'), bert: await arrive('bert'), cora: await arrive('cora') };
});

afterAll(async () => {
  for (const signedIn of Object.values(on)) signedIn.leave();
  await stack.stop();
});

let visitors = 0;
const somebody = () => `v${(visitors += 1)}`;

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
    expectReply(await anybody.form<WoliveReply>('/admin/event/chat', fields), 0, 'success');

    const answered = await on.anna.calls.form<WoliveReply>('/admin/set/chats', {
      visiter_id: id,
      content: '在的',
      avatar: '',
    });
    expectReply(answered, 0, 'success');
    expect(answered.body.data).toMatchObject({ direction: 'to_visiter', content: '在的' });
    const byChannel = { channel: channelOf(id, 'auto'), content: '请说' };
    expectReply(await on.anna.calls.json<WoliveReply>('POST', '/index.php/admin/set/chats', byChannel), 0, 'success');
  });

  it('L5: what somebody wrote is text: as it was in names, escaped where the column is HTML', async () => {
    const id = somebody();
    const visiter_name = '<b onclick="x()">Bob</b>';
    const content = '<script>alert(1)</script> & <img src=x onerror=alert(2)>';
    await notice('auto', id, { visiter_name });
    const sent = await chats({ business_id: 'auto', visiter_id: id, service_id: '0', content });
    const shown = '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;img src=x onerror=alert(2)&gt;';
    expect(sent.body.data['content']).toBe(shown);
    expect(await listed(on.anna, 'getchats', id)).toMatchObject({ visiter_name, content: shown });
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
    await closeOf(on.anna, id);
    expect(await listed(on.anna, 'getchats', id)).toBeUndefined();
    const again = { business_id: 'auto', visiter_id: id, service_id: String(on.anna.me.id), content: 'again' };
    expectReply(await chats(again), 0, 'success');
    expect(await listed(on.anna, 'getchats', id)).toMatchObject({ qid, content: 'again' });
  });

  it('L14, L15, L16: in mid-conversation a visitor is known, and what has changed since is seen at once', async () => {
    const id = somebody();
    const token = String((await notice('claim', id)).body.data['visitor_token']);
    await on.bert.calls.form('/admin/set/get', { visiter_id: id });
    const say = (service_id: number, more: Record<string, string> = {}) =>
      chats({ business_id: 'claim', visiter_id: id, service_id: String(service_id), content: 'x', ...more });
    const twice = async (service_id: number, more: Record<string, string> = {}) => {
      for (let times = 0; times < 2; times += 1) {
        const { body } = await say(service_id, more);
        expect(body).toMatchObject({ code: 0, msg: 'success', data: { service_id, visiter_id: id, content: 'x' } });
      }
    };
    await twice(on.bert.me.id);
    await on.bert.calls.form('/admin/set/getswitch', { visiter_id: id, id: String(on.cora.me.id) });
    const stale = await say(on.bert.me.id);
    expectReply(stale, 3);
    expect(stale.body.data).toMatchObject({ service_id: on.cora.me.id });
    await twice(on.cora.me.id);
    await closeOf(on.cora, id);
    expectReply(await say(on.cora.me.id), 0, 'success');
    await on.bert.calls.form('/admin/set/get', { visiter_id: id });
    await on.cora.calls.form('/admin/set/get', { visiter_id: id });
    const now = Number((await say(0)).body.data['service_id']);
    await twice(now);
    await twice(now, { visitor_token: token });
    expectReply(await say(now), 3, /visitor_token/);
    expectReply(await say(now, { visitor_token: 'wrong' }), 3);
    await twice(now, { visitor_token: token });
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
      await on.anna.calls.form<WoliveReply>('/admin/set/chats', { visiter_id: id, content: '' }),
      1,
      '消息不能为空',
    );
    expect((await listed(on.anna, 'getchats', id))?.['count']).toBe(0);
  });

  it('L18: only to one’s own conversations', async () => {
    const id = somebody();
    await notice('claim', id);
    const send = (who: SignedInAgent, visiter_id: string) =>
      who.calls.form<WoliveReply>('/admin/set/chats', { visiter_id, content: 'x' });
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
    const { status, body } = await on.cora.calls.get<WoliveList>('/admin/set/getchats');
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
    const { body } = await emil.calls.form<WoliveList>('/admin/set/getchats', {});
    expect(body).toMatchObject({ code: 0, data: [], all_unread_count: 0 });
  });

  it('L4, L19: who came through the widget is in these rows too, and is answered from here', async () => {
    const { session, calls, conversationId } = await visit(stack.webUrl, 'auto');
    await say(calls, conversationId, '从挂件来');
    const channel = channelOf(session.visitorId, 'auto');
    const row = await listed(on.anna, 'getchats', session.visitorId);
    expect(row).toMatchObject({ channel, content: '从挂件来', service_id: on.anna.me.id, count: 1 });
    expectReply(await on.anna.calls.form<WoliveReply>('/admin/set/chats', { channel, content: '收到' }), 0, 'success');
    expect(textsOf(await messagesOf(calls, conversationId))).toEqual(['从挂件来', '收到']);
  });

  it('L20: getwait has the longest wait first', async () => {
    const [first, second] = [somebody(), somebody()];
    for (const id of [first, second]) await notice('claim', id);
    const { body } = await on.bert.calls.get<WoliveList>('/index.php/admin/set/getwait');
    const order = body.data.map((row) => row['visiter_id']).filter((id) => id === first || id === second);
    expect(order).toEqual([first, second]);
  });

  it('L21: fifty claims, one winner; the others are told', async () => {
    const id = somebody();
    await notice('claim', id);
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        (n % 2 ? on.bert : on.cora).calls.form<WoliveReply>('/admin/set/get', { visiter_id: id }),
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
    expectReply(await on.bert.calls.form<WoliveReply>('/admin/set/get', { visiter_id: 'unknown' }), 1);
    expectReply(await on.anna.calls.form<WoliveReply>('/admin/set/get', { visiter_id: id }), 1);
  });
});
