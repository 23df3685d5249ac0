import { createHmac } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { onLine, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
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

const bootstrap = {
  businesses: [
    { business_id: 'auto', legacy_visitors: true, greeting: '您好，请问', agents: [agent('anna')] },
    { business_id: 'claim', legacy_visitors: true, distribution_rule: 'claim', agents: [agent('bert')] },
    { business_id: 'full', legacy_visitors: true, agents: [agent('dora', { max_conversations: 1 })] },
    { business_id: 'night', legacy_visitors: true, agents: [agent('emil')] },
    { business_id: 'strict', agents: [agent('fred')] },
    { business_id: 'signed', identity_secret: 'identity-secret', agents: [agent('gina')] },
    { business_id: 'shut', state: 'close', agents: [] },
    { business_id: 'told', legacy_visitors: true, blacklist_mode: 'explicit', agents: [agent('hugo')] },
  ],
};

let stack: Stack;
let anybody: HttpCaller;
let notice: ReturnType<typeof visiterCalls>['notice'];
let chats: ReturnType<typeof visiterCalls>['chats'];
let on: Record<'anna' | 'bert' | 'dora' | 'fred' | 'hugo', SignedInAgent>;

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  anybody = httpCaller(stack.webUrl);
  ({ notice, chats } = visiterCalls(stack.webUrl));
  const arrive = (name: string) => onLine(stack.webUrl, name, PASSWORD);
  on = {
    anna: await arrive('anna'),
    bert: await arrive('bert'),
    dora: await arrive('dora'),
    fred: await arrive('fred'),
    hugo: await arrive('hugo'),
  };
});

afterAll(async () => {
  for (const signedIn of Object.values(on)) signedIn.leave();
  await stack.stop();
});

let visitors = 0;
const somebody = () => `v${(visitors += 1)}`;

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
    expectReply(await anybody.json<WoliveReply>('POST', '/index.php/admin/event/notice', fields), 0);
    expectReply(await anybody.form<WoliveReply>('/index.php/admin/event/notice', fields), 0);
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
    const { body } = await on.bert.calls.form<WoliveList>('/admin/set/getwait', {});
    expect(body.num).toBe(body.data.length);
    expect(body.data.filter((row) => row['visiter_id'] === id)).toHaveLength(1);
  });

  it('L11: everybody at capacity: queued, and assigned when a place frees', async () => {
    const [first, second] = [somebody(), somebody()];
    expectReply(await notice('full', first), 0);
    expectReply(await notice('full', second), 2, '等待认领');
    await closeOf(on.dora, first);
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
    expectReply(await bearer.form<WoliveReply>('/admin/event/chats', message), 0, 'success');
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
    await closeOf(who, id);
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
