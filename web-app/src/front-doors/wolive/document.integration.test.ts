import Pusher from 'pusher';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, eventually, httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { formWith, png } from '../../../../test-support/sample-files.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { DocumentedClient, documentedReceiver, visiterOf } from '../../../../test-support/wolive-document.ts';

/** Written from the WoLive document alone: its Pusher options, its form fields, its webhook receiver, its words. */

interface Reply<Data = Record<string, unknown>> {
  code: number;
  msg: string;
  data: Data;
}
type Row = Record<string, unknown>;

const SERVICE = ['service_id', 'user_name', 'nick_name', 'business_id', 'avatar', 'level', 'parent_id', 'state'];
const VISITER = [
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
const CHATS = ['cid', 'visiter_id', 'service_id', 'business_id', 'content', 'timestamp', 'state', 'direction'];

const legacy = { legacy_visitors: true, legacy_public_channels: true };
const agent = (user_name: string, level = 'service') => ({
  user_name,
  nick_name: '客服',
  password: 'password-1',
  level,
});

let stack: Stack;
let site: Awaited<ReturnType<typeof documentedReceiver>>;
let anybody: HttpCaller;
const open: DocumentedClient[] = [];

beforeAll(async () => {
  site = await documentedReceiver('secret-1', () => stack.webUrl);
  stack = await startStack({
    bootstrap: {
      businesses: [
        {
          business_id: 'admin',
          distribution_rule: 'auto',
          ...legacy,
          agents: [agent('kefu1', 'manager'), agent('kefu3')],
        },
        { business_id: 'claim', distribution_rule: 'claim', ...legacy, greeting: '您好！', agents: [agent('kefu2')] },
      ],
    },
    pusherEnv: { PUSHER_APP_WEBHOOKS: JSON.stringify([{ url: site.url, dialect: 'wolive' }]) },
  });
  anybody = httpCaller(stack.webUrl);
});

afterAll(async () => {
  for (const client of open) client.close();
  await stack?.stop();
  site?.close();
});

function client(): DocumentedClient {
  const made = new DocumentedClient(stack.app.key, stack.pusher.port);
  open.push(made);
  return made;
}

const event = async <Data = Row>(call: string, fields: Record<string, string>) =>
  (await anybody.form<Reply<Data>>(`/admin/event/${call}`, fields)).body;

/** A 客服后台: signed in, and on the three channels that it listens to. */
async function openConsole(user_name: string, business_id: string) {
  const login = await anybody.json<Reply>('POST', '/admin/login', { user_name, password: 'password-1' });
  const service_id = Number(login.body.data['service_id']);
  const signedIn = anybody.with({ Cookie: cookiesOf(login) });
  const channels = client();
  const kefu = `kefu${service_id}`;
  await channels.subscribe(kefu, `ud${service_id}`, `all${business_id}`);
  await eventually(
    () => Promise.resolve(site.told),
    (told) => told.includes(`channel_added ${kefu}`),
  );
  const call = async <Data = Row>(path: string, fields: Record<string, string> = {}) =>
    (await signedIn.form<Reply<Data>>(`/admin/${path}`, fields)).body;
  return { service_id, channels, kefu, call, signedIn };
}

const columnsOf = (row: Row | undefined) => Object.keys(row ?? {});
const unixSeconds = expect.any(Number) as number;
const success = { code: 0, msg: 'success' };

describe('the rule auto, from arrival to leaving', () => {
  const who = visiterOf('10086', 'admin');
  const arrival = { ...who, record: 'https://shop.example/item', avatar: '/assets/images/visiter.png' };
  let kefu1: Awaited<ReturnType<typeof openConsole>>;
  let kefu3: Awaited<ReturnType<typeof openConsole>>;
  let visiter: DocumentedClient;
  let said: Record<string, string>;

  it('L89: nobody is there: 3, and a message is left', async () => {
    expect(await event('notice', { ...arrival, visiter_id: 'early', channel: '' })).toMatchObject({
      code: 3,
      msg: '请留言',
    });
    const left = { content: '请回电', name: '王小明', moblie: '13800000000', email: 'a@shop.example' };
    expect(await event('message', { ...left, business_id: 'admin' })).toMatchObject({ code: 0, data: left });
    expect(await event('notice', { ...arrival, business_id: 'nobody', channel: '' })).toMatchObject({
      code: 1,
      msg: '该网站已经停止客服咨询！',
    });
  });

  it('L89: an agent signs in, writes a greeting, a question and a page', async () => {
    kefu1 = await openConsole('kefu1', 'admin');
    const { call } = kefu1;
    expect(await call('manager/cmtalk', { content: '您好，我是客服' })).toMatchObject({ code: 0, msg: '成功' });
    const question = { question: '运费多少', answer: '**包邮**', answer_read: '', qid: '' };
    expect(await call('manager/addquestion', question)).toMatchObject({ code: 0 });
    const tab = { title: '帮助', content: '# 说明', content_read: '', tid: '' };
    expect(await call('set/gettab', tab)).toMatchObject({ code: 0 });
  });

  it('L89: notice answers the agent’s row, and the agent hears of the visitor', async () => {
    const assigned = await eventually(
      () => event('notice', arrival),
      ({ code }) => code === 0,
    );
    expect(assigned).toMatchObject({
      msg: '',
      data: { service_id: kefu1.service_id, user_name: 'kefu1', state: 'online', content: '您好，我是客服' },
    });
    expect(columnsOf(assigned.data)).toEqual(expect.arrayContaining(SERVICE));
    const { message } = await kefu1.channels.hear(`ud${kefu1.service_id}`, 'on_notice');
    expect(message).toMatchObject({ ...who, avatar: arrival.avatar, from_url: arrival.record });
    expect(columnsOf(message as Row)).toEqual(expect.arrayContaining(VISITER));

    visiter = client();
    await visiter.subscribe(`cu${who.channel}`, `se${kefu1.service_id}`);
    const { message: came } = await kefu1.channels.hear(kefu1.kefu, 'geton');
    expect(came).toEqual({ chas: who.channel });
    said = {
      visiter_id: who.visiter_id,
      service_id: String(kefu1.service_id),
      business_id: 'admin',
      avatar: arrival.avatar,
      record: arrival.record,
    };
  });

  it('L89: what is written arrives on both sides, with the documented fields', async () => {
    expect(await event('chats', { ...said, content: '请问有货吗 <b>' })).toMatchObject(success);
    const { message: heard } = await kefu1.channels.hear(kefu1.kefu, 'cu-event');
    expect(heard).toMatchObject({
      ...who,
      service_id: kefu1.service_id,
      content: '请问有货吗 &lt;b&gt;',
      avatar: arrival.avatar,
      record: arrival.record,
      timestamp: unixSeconds,
    });
    expect(await kefu1.call('set/chats', { visiter_id: '10086', content: '有的', avatar: '' })).toMatchObject(success);
    const { message: answered } = await visiter.hear(`cu${who.channel}`, 'my-event');
    expect(answered).toMatchObject({
      visiter_id: '10086',
      service_id: kefu1.service_id,
      business_id: 'admin',
      content: '有的',
      avatar: '/assets/images/admin/avatar-admin2.png',
      direction: 'to_visiter',
      timestamp: unixSeconds,
    });
    expect(await event('chats', { ...said, service_id: '999999', content: 'x' })).toMatchObject({ code: 3 });
    expect(await kefu1.call('set/chats', { visiter_id: 'nobody', content: 'x' })).toMatchObject({ code: 1 });
  });

  it('L89: images and files: sent up by the documented forms, then shown by their path', async () => {
    const file = { bytes: png(3, 2), name: 'photo.png' };
    const image = await anybody.upload<Reply<string>>('/admin/event/upload', formWith('upload', file));
    expect(image.body).toMatchObject({ code: 0, msg: '' });
    expect((await anybody.get(image.body.data)).status).toBe(200);
    expect(await event('chats', { ...said, content: `<img src="${image.body.data}">` })).toMatchObject(success);
    const { message: shown } = await kefu1.channels.hear(kefu1.kefu, 'cu-event');
    expect((shown as Row)['content']).toBe(`<img src="${stack.webUrl}${image.body.data}" alt="photo.png">`);

    const paper = { bytes: '%PDF-1.4 words', name: '报价.pdf' };
    const folder = await kefu1.signedIn.upload<Reply<string>>('/admin/event/uploadfile', formWith('folder', paper));
    expect(folder.body).toMatchObject({ code: 0, msg: '' });
    const link = `<a href='${folder.body.data}'>报价.pdf</a>`;
    expect(await kefu1.call('set/chats', { visiter_id: '10086', content: link })).toMatchObject(success);
    const { message: linked } = await visiter.hear(`cu${who.channel}`, 'my-event');
    expect((linked as Row)['content']).toBe(
      `<a href="${stack.webUrl}${folder.body.data}" download="报价.pdf">报价.pdf</a>`,
    );
  });

  it('L89: earlier messages, questions and pages', async () => {
    const { data: rows } = await event<Row[]>('chatdata', { ...who, hid: '0' });
    expect(rows.map((row) => row['direction'])).toEqual(['to_service', 'to_visiter', 'to_service', 'to_visiter']);
    expect(columnsOf(rows[0])).toEqual(CHATS);
    const { data: earlier } = await event<Row[]>('chatdata', { ...who, hid: String(rows[1]?.['cid']) });
    expect(earlier).toEqual([rows[0]]);

    const { data: questions } = await event<Row[]>('getquestion', { business_id: 'admin' });
    expect(questions).toMatchObject([{ question: '运费多少', answer: '**包邮**', business_id: 'admin' }]);
    const { data: answer } = await event('getanswer', { ...who, qid: String(questions[0]?.['qid']) });
    expect(answer['answer_read']).toContain('<strong>包邮</strong>');
    const asked = await kefu1.channels.hear(kefu1.kefu, 'cu-event');
    expect(asked['message']).toMatchObject({ content: '运费多少' });
    const { data: tabs } = await event<Row[]>('gettablist', { business_id: 'admin' });
    expect(tabs).toMatchObject([{ title: '帮助', content: '# 说明' }]);
  });

  it('L89: the agent’s lists, unread and read', async () => {
    const { call } = kefu1;
    const { data: chats } = await call<Row[]>('set/getchats');
    expect(chats).toMatchObject([{ visiter_id: '10086', state: 'online', count: expect.any(Number) as number }]);
    const { data: unread } = await call<number>('set/getmessage', { channel: who.channel });
    expect(unread).toBe(chats[0]?.['count']);
    expect(unread).toBeGreaterThan(0);
    expect(await call('set/getwatch', { channel: who.channel })).toMatchObject(success);
    expect((await call<number>('set/getmessage', { channel: who.channel })).data).toBe(0);
  });

  it('L89: black-listed, silent; and served again', async () => {
    const { call } = kefu1;
    const [row] = (await call<Row[]>('set/getchats')).data;
    expect(await call('set/blacklist', { channel: who.channel })).toMatchObject(success);
    expect((await call<Row[]>('set/getblackdata')).data).toMatchObject([{ visiter_id: '10086' }]);
    expect((await call<Row[]>('set/getchats')).data).toEqual([]);
    expect(await event('chats', { ...said, content: '有人吗' })).toMatchObject(success);
    expect(await call('set/removeblacklist', { channel: who.channel })).toMatchObject({ code: 0 });
    expect(await call('set/getchatnow', { sdata: JSON.stringify(row) })).toMatchObject({ code: 0 });
    expect((await call<Row[]>('set/getchats')).data).toMatchObject([{ visiter_id: '10086' }]);
  });

  it('L89: a call is offered and refused', async () => {
    const offered = await event('apply', { ...said, kind: 'video' });
    expect(offered).toMatchObject({ code: 0, data: { room: expect.any(String) as string } });
    const video = await kefu1.channels.hear(kefu1.kefu, 'video');
    expect(video).toMatchObject({ channel: who.channel, avatar: arrival.avatar, cid: offered.data['room'] });
    const fields = { visiter_id: '10086', room: String(offered.data['room']) };
    expect(await kefu1.call('set/refuse', fields)).toMatchObject({ code: 0 });
    expect(await visiter.hear(`cu${who.channel}`, 'video-refuse')).toHaveProperty('message');
  });

  it('L89: given to a colleague: the visitor hears who it is', async () => {
    kefu3 = await openConsole('kefu3', 'admin');
    const to = { id: String(kefu3.service_id), visiter_id: '10086', name: '客服' };
    await eventually(
      () => kefu1.call('set/getswitch', to),
      ({ code }) => code === 0,
    );
    const { message } = await visiter.hear(
      `cu${who.channel}`,
      'cu_notice',
      (data) => (data['message'] as Row)['service_id'] === kefu3.service_id,
    );
    expect(message).toMatchObject({ user_name: 'kefu3', nick_name: '客服', business_id: 'admin', state: 'online' });
    expect(columnsOf(message as Row)).toEqual(expect.arrayContaining(SERVICE));
    await kefu3.channels.hear(`ud${kefu3.service_id}`, 'on_notice');
    expect(await event('chats', { ...said, content: '还是您吗' })).toMatchObject({
      code: 3,
      data: { service_id: kefu3.service_id },
    });
    said = { ...said, service_id: String(kefu3.service_id) };
    expect(await event('chats', { ...said, content: '您好' })).toMatchObject(success);
    await kefu3.channels.hear(kefu3.kefu, 'cu-event');
  });

  it('L89: closed, and what was said is found by week, month and days', async () => {
    expect(await kefu3.call('set/deletes', { visiter_id: '10086' })).toMatchObject({ code: 0 });
    expect((await kefu3.call<Row[]>('set/getchats')).data).toEqual([]);
    const { data: met } = await kefu1.call<Row[]>('set/getvisiters', { service: 'kefu1' });
    expect(met.map((row) => row['visiter_id'])).toContain('10086');
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
    const histories = await Promise.all([
      kefu1.call<Row[]>('set/getviews', { channel: who.channel, puttime: '最近一周' }),
      kefu1.call<Row[]>('set/getviews', { channel: who.channel, puttime: '最近一个月' }),
      kefu1.call<Row[]>('set/getdesignForViews', { channel: who.channel, start: today, end: today }),
    ]);
    for (const { code, data } of histories) {
      expect({ code, columns: columnsOf(data[0]) }).toEqual({ code: 0, columns: CHATS });
      expect(data.map((row) => row['content'])).toContain('您好');
    }
  });

  it('L89: managers’ calls', async () => {
    const { call, signedIn } = kefu1;
    const picture = await signedIn.upload<Reply<string>>(
      '/admin/manager/uploadpic',
      formWith('img_head', { bytes: png(4, 4), name: 'me.png' }),
    );
    expect(picture.body).toMatchObject({ code: 0, msg: '' });
    const contact = { phone: '021-1', email: 'k@shop.example', avatar: picture.body.data };
    const made = {
      user_name: 'kefu9',
      nick_name: '新客服',
      password: 'password-9',
      password2: 'password-9',
      ...contact,
    };
    expect(await call('manager/registForService', made)).toMatchObject({ code: 0, msg: '成功' });
    expect(await call('manager/registForService', made)).toMatchObject({ code: 1 });
    const profile = { user_name: 'kefu1', nick_name: '小李', company: '青山器物', ...contact };
    expect(await call('manager/update', profile)).toMatchObject({ code: 0, msg: '成功' });
    const passwords = { oldpass: 'password-1', newpass: 'password-2', newpass2: 'password-2' };
    expect(await call('manager/modify', { ...passwords, oldpass: 'wrong' })).toMatchObject({ code: 1 });
    expect(await call('manager/modify', passwords)).toMatchObject({ code: 0, msg: '成功' });
  });

  it('L89: who leaves is grey on the other side, and the receiver is told', async () => {
    const { data: row } = await event('notice', arrival);
    const [having, other] = row['service_id'] === kefu1.service_id ? [kefu1, kefu3] : [kefu3, kefu1];
    const watcher = client();
    await watcher.subscribe(`se${other.service_id}`);
    visiter.close();
    other.channels.close();
    expect(await having.channels.hear(having.kefu, 'logout')).toEqual({ message: { chas: who.channel } });
    expect(await watcher.hear(`se${other.service_id}`, 'logout')).toEqual({ message: 'offline' });
    expect(site.told).toContain(`channel_removed cu${who.channel}`);
    expect(site.told).toContain(`channel_removed ${other.kefu}`);
  });
});

describe('the rule claim', () => {
  it('L89: waiting, claimed, greeted', async () => {
    const kefu2 = await openConsole('kefu2', 'claim');
    const who = visiterOf('10087', 'claim');
    const visiter = client();
    await visiter.subscribe(`cu${who.channel}`);
    const waiting = await eventually(
      () => event('notice', { ...who, record: '', avatar: '' }),
      ({ code }) => code === 2,
    );
    expect(waiting.msg).toBe('等待认领');
    const { message } = await kefu2.channels.hear('allclaim', 'on_notice');
    expect(message).toMatchObject({ msg: expect.any(String) as string, groupid: 0 });
    const before = {
      visiter_id: '10087',
      service_id: '0',
      content: '在吗',
      business_id: 'claim',
      avatar: '',
      record: '',
    };
    expect(await event('chats', before)).toMatchObject(success);

    expect((await kefu2.call<Row[]>('set/getwait')).data).toMatchObject([{ visiter_id: '10087' }]);
    expect((await kefu2.call('set/get', { visiter_id: '10087' })).code).toBe(0);
    const { message: agentRow } = await visiter.hear(`cu${who.channel}`, 'cu_notice');
    expect(agentRow).toMatchObject({ service_id: kefu2.service_id, nick_name: '客服', state: 'online' });
    expect(columnsOf(agentRow as Row)).toEqual(expect.arrayContaining(SERVICE));
    const { message: greeted } = await visiter.hear(`cu${who.channel}`, 'first_word');
    expect(greeted).toEqual({ avatar: '/assets/images/admin/avatar-admin2.png', content: '您好！' });
    const { data: claimed } = await kefu2.call<Row[]>('set/getchats');
    expect(claimed).toMatchObject([{ visiter_id: '10087', content: '在吗', count: 1 }]);
    expect((await event('notice', who)).data).toMatchObject({ service_id: kefu2.service_id });
  });
});

describe('the Pusher snippets', () => {
  it('L89: what a server triggers, a client hears', async () => {
    const listener = client();
    await listener.subscribe('my-channel');
    const { id: appId, key, secret } = stack.app;
    const pusher = new Pusher({
      appId,
      key,
      secret,
      host: '127.0.0.1',
      port: String(stack.pusher.port),
      useTLS: false,
    });
    await pusher.trigger('my-channel', 'sendmsg', { message: 'hello' });
    expect(await listener.hear('my-channel', 'sendmsg')).toEqual({ message: 'hello' });
  });

  it.each(['/assets/index/kefu_online.js', '/assets/js/index/kefu_online.js', '/assets/libs/push/pusher.min.js'])(
    'L89: %s is served to any site',
    async (path) => {
      const { status, headers, body } = await anybody.get<string>(path);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/javascript/);
      expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(body.length).toBeGreaterThan(1000);
    },
  );

  it('L89: the launcher’s image, and the page on which a message is left', async () => {
    const { status, headers } = await anybody.get('/assets/images/index/im.png');
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'image/png' });
    for (const prefix of ['', '/index.php']) {
      const page = await anybody.get<string>(`${prefix}/index/message?business_id=admin`);
      expect(page.status).toBe(200);
      expect(page.body).toContain('<form method="post"');
    }
  });
});
