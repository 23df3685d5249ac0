import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { expectReply, visiterCalls, type WoliveList, type WoliveReply } from '../../../../test-support/wolive-calls.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string, level = 'service') => ({
  user_name,
  nick_name: user_name,
  password: PASSWORD,
  level,
  max_conversations: 500,
});

let stack: Stack;
let anybody: HttpCaller;
let notice: ReturnType<typeof visiterCalls>['notice'];
let mona: SignedInAgent;
let sam: SignedInAgent;
let otto: SignedInAgent;

beforeAll(async () => {
  const questions = [{ question: '多久发货？', answer: '**当天**发货' }];
  const businesses = [
    { business_id: 'shop', greeting: 'Welcome', legacy_visitors: true, questions, agents: [agent('mona', 'manager')] },
    { business_id: 'staff', legacy_visitors: true, agents: [agent('sam'), agent('mia', 'manager')] },
    { business_id: 'other', locale: 'en', legacy_visitors: true, agents: [agent('otto', 'manager')] },
    { business_id: 'shut', state: 'close' },
  ];
  stack = await startStack({ bootstrap: { businesses } });
  anybody = httpCaller(stack.webUrl);
  ({ notice } = visiterCalls(stack.webUrl));
  mona = await onLine(stack.webUrl, 'mona', PASSWORD);
  sam = await signIn(stack.webUrl, 'sam', PASSWORD);
  otto = await signIn(stack.webUrl, 'otto', PASSWORD);
});

afterAll(async () => {
  mona.leave();
  await stack.stop();
});

const ask = <Body = WoliveReply>(path: string, fields: Record<string, string>) =>
  anybody.form<Body>(`/admin/event/${path}`, fields);
const manage = (who: SignedInAgent, path: string, fields: Record<string, string>) =>
  who.calls.form<WoliveReply>(`/admin/${path}`, fields);

let visitors = 0;
const somebody = () => `c${(visitors += 1)}`;

async function contents(visiter_id: string): Promise<unknown[]> {
  const { body } = await mona.calls.form<WoliveList>('/admin/set/getviews', { visiter_id, puttime: '7' });
  return body.data.map((row) => row['content']);
}

describe('questions', () => {
  it('L40, L45: added, changed, listed as the document’s rows', async () => {
    const added = await manage(mona, 'manager/addquestion', { question: '运费？', answer: '满 *99* 包邮' });
    expectReply(added, 0, '成功');
    const qid = String(added.body.data['qid']);
    const changed = await manage(mona, 'manager/addquestion', { question: '运费多少？', answer: '免费', qid });
    expect(changed.body.data).toEqual({
      qid: Number(qid),
      business_id: 'shop',
      question: '运费多少？',
      answer: '免费',
      answer_read: '<p>免费</p>',
    });
    for (const list of [
      await ask<WoliveList>('getquestion', { business_id: 'shop' }),
      await anybody.get<WoliveList>('/index.php/admin/event/getquestion?business_id=shop'),
    ]) {
      expect(list.body.code).toBe(0);
      expect(list.body.data.map((row) => row['question'])).toEqual(['多久发货？', '运费多少？']);
      expect(list.headers.get('access-control-allow-origin')).toBe('*');
    }
    expect((await ask<WoliveList>('getquestion', { business_id: 'other' })).body).toMatchObject({ code: 0, data: [] });
  });

  it('L45: HTML is only taken where there is no source, and sanitised', async () => {
    const answer_read = '<p onclick="x()">Yes</p><script>alert(1)</script><a href="javascript:x()">a</a>';
    const both = await manage(mona, 'manager/addquestion', { question: 'both?', answer: 'source', answer_read });
    expect(both.body.data['answer_read']).toBe('<p>source</p>');
    const only = await manage(mona, 'manager/addquestion', { question: 'only?', answer_read });
    expect(only.body.data['answer_read']).toMatch(/^<p>Yes<\/p><a [^>]*>a<\/a>$/);
    expect(String(only.body.data['answer_read'])).not.toContain('javascript');
  });

  it('L45: twice the same, empty, too long, unknown', async () => {
    expectReply(await manage(mona, 'manager/addquestion', { question: '多久发货？' }), 1, '该问题已存在');
    expectReply(await manage(mona, 'manager/addquestion', { question: ' ' }), 1, /参数错误/);
    expectReply(await manage(mona, 'manager/addquestion', { question: 'x'.repeat(1001) }), 1, /参数错误/);
    expectReply(
      await manage(mona, 'manager/addquestion', { question: 'x', answer: 'x'.repeat(20_001) }),
      1,
      /参数错误/,
    );
    expectReply(await manage(mona, 'manager/addquestion', { question: 'x', qid: '99999999' }), 1);
    expectReply(await manage(mona, 'manager/addquestion', { question: 'x', qid: 'x' }), 1, /参数错误：qid/);
  });

  it('L41: an answer, and with a visitor both are written into the conversation', async () => {
    const { data } = (await ask<WoliveList>('getquestion', { business_id: 'shop' })).body;
    const qid = String(data[0]?.['qid']);
    const answer = await ask('getanswer', { business_id: 'shop', qid });
    expectReply(answer, 0);
    expect(answer.body.data).toMatchObject({ answer: '**当天**发货', answer_read: '<p><strong>当天</strong>发货</p>' });

    const visiter_id = somebody();
    expectReply(await ask('getanswer', { business_id: 'shop', qid, visiter_id }), 1);
    await notice('shop', visiter_id);
    expectReply(await ask('getanswer', { business_id: 'shop', qid, visiter_id }), 0);
    expect(await contents(visiter_id)).toEqual(['多久发货？', '**当天**发货']);
    expectReply(await ask('getanswer', { business_id: 'other', qid }), 1);
    expectReply(await ask('getanswer', { business_id: 'shop', qid, visiter_id, visitor_token: 'wrong' }), 1);
    expectReply(await ask('getanswer', { business_id: 'shut', qid }), 1, '该网站已经停止客服咨询！');
  });
});

it('L42, L46: pages are added, changed and listed, at most ten', async () => {
  const first = await manage(mona, 'set/gettab', { title: '关于我们', content: '# 您好', content_read: '<b>no</b>' });
  expectReply(first, 0, '成功');
  const tid = String(first.body.data['tid']);
  const content_read = '<h2>关于</h2><iframe src="https://evil.example"></iframe>';
  expectReply(await manage(mona, 'set/gettab', { title: '关于', content: '', content_read, tid }), 0, '成功');
  const { body } = await ask<WoliveList>('gettablist', { business_id: 'shop' });
  expect(body).toEqual({
    code: 0,
    msg: '',
    data: [{ tid: Number(tid), title: '关于', content: '', content_read: '<h2>关于</h2>', business_id: 'shop' }],
  });
  const more = await Promise.all(
    Array.from({ length: 12 }, (_, at) => manage(mona, 'set/gettab', { title: `tab ${at}`, content: '' })),
  );
  expect(more.filter((reply) => reply.body.code === 0)).toHaveLength(9);
  expect(more.find((reply) => reply.body.code === 1)?.body.msg).toBe('最多添加 10 个');
  expectReply(await manage(mona, 'set/gettab', { title: '关于本店', content: '', tid }), 0, '成功');
  expectReply(await manage(otto, 'set/gettab', { title: 'mine now', tid }), 1);
});

describe('leave-messages', () => {
  it('L43: what is left, by whom it may be', async () => {
    const left = { business_id: 'shop', content: '请回电 <b>', name: '王小明', moblie: '138', email: 'w@example.com' };
    const reply = await ask('message', left);
    expectReply(reply, 0, '留言成功');
    expect(reply.body.data).toEqual({
      ...left,
      mid: expect.any(Number) as number,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string,
    });
    const visiter_id = somebody();
    await notice('shop', visiter_id);
    expectReply(await ask('message', { business_id: 'shop', content: 'again', mobile: '139', visiter_id }), 0);
    const { items } = (await mona.calls.get<{ items: Record<string, unknown>[] }>('/api/v1/leave-messages')).body;
    expect(items[0]).toMatchObject({ content: 'again', phone: '139', userId: expect.any(Number) as number });
    expect(items[1]).toMatchObject({ content: left.content, name: '王小明', phone: '138', userId: null });
  });

  it('L43: empty, too long, nobody’s business', async () => {
    expectReply(await ask('message', { business_id: 'shop', content: ' ' }), 1, '消息不能为空');
    expectReply(await ask('message', { business_id: 'shop', content: 'x'.repeat(10_001) }), 1, /参数错误/);
    expectReply(
      await ask('message', { business_id: 'shop', content: 'x', name: 'x'.repeat(256) }),
      1,
      /参数错误：name/,
    );
    expectReply(await ask('message', { business_id: 'shut', content: 'x' }), 1, '该网站已经停止客服咨询！');
    expectReply(await ask('message', { business_id: 'shop', content: 'x', visiter_id: 'never-seen' }), 1);
    expect((await anybody.get('/admin/event/message?business_id=shop&content=x')).status).toBe(405);
  });

  const page = (query: string) => anybody.get<string>(`/index/message?${query}`);

  it('L44: the page has the form in the language that is asked for, and may run nothing', async () => {
    const chinese = await page('business_id=shop');
    expect(chinese.status).toBe(200);
    expect(chinese.body).toContain('留言内容');
    expect(chinese.body).not.toContain('<script');
    const policy = chinese.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'nonce-[\w+/=]+'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors \*$/,
    );
    expect(chinese.body).toContain(`<style nonce="${/nonce-([^']+)/.exec(policy)?.[1] ?? ''}">`);
    expect((await page('business_id=other')).body).toContain('Your message');
    expect((await page('business_id=shop&lang=en')).body).toContain('Your message');
    expect((await anybody.get<string>('/index.php/index/message?business_id=shop')).status).toBe(200);
    for (const query of [
      'business_id=shut',
      'business_id=nobody',
      '',
      'business_id=%00',
      'business_id=a&business_id=b',
    ]) {
      expect((await page(query)).status).toBe(404);
    }
  });

  it('L44: its form leaves a message, and comes back with what was written when it cannot', async () => {
    const path = '/index/message?business_id=other';
    const fields = { name: '"><script>alert(1)</script>', moblie: '139', email: 'l@example.com' };
    const empty = await anybody.form<string>(path, { ...fields, content: ' ' });
    expect(empty.status).toBe(422);
    expect(empty.body).toContain('Please write a message.');
    expect(empty.body).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    const sent = await anybody.form<string>(path, { ...fields, content: 'Call me' });
    expect([sent.status, sent.body.includes('has arrived')]).toEqual([200, true]);
    const { items } = (await otto.calls.get<{ items: Record<string, unknown>[] }>('/api/v1/leave-messages')).body;
    expect(items).toEqual([expect.objectContaining({ ...{ name: fields.name, phone: '139' }, content: 'Call me' })]);
    expect((await anybody.form<string>(path, { content: 'x'.repeat(10_001) })).status).toBe(422);
  });
});

it('L47: an agent’s own greeting is in use at once, and gone when it is empty', async () => {
  const greets = async () => (await notice('shop', somebody())).body.data['content'];
  expect(await greets()).toBe('Welcome');
  expectReply(await manage(mona, 'manager/cmtalk', { content: '您好，我是 Mona <3' }), 0, '成功');
  expect(await greets()).toBe('您好，我是 Mona &lt;3');
  expectReply(await manage(mona, 'manager/cmtalk', { content: 'x'.repeat(2001) }), 1, /参数错误/);
  expectReply(await manage(mona, 'manager/cmtalk', { content: '' }), 0, '成功');
  expect(await greets()).toBe('Welcome');
});

it('L52: what visitors read is for managers to write, each in their own business', async () => {
  for (const path of ['manager/addquestion', 'set/gettab']) {
    const { status, body } = await manage(sam, path, { question: 'x', title: 'x' });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 1 });
    expect((await anybody.form<WoliveReply>(`/admin/${path}`, { question: 'x', title: 'x' })).status).toBe(401);
  }
  expectReply(await manage(sam, 'manager/cmtalk', { content: 'mine' }), 0, '成功');
  const { data } = (await ask<WoliveList>('getquestion', { business_id: 'shop' })).body;
  expectReply(await manage(otto, 'manager/addquestion', { question: 'x', qid: String(data[0]?.['qid']) }), 1);
});
