import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, eventually, httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { formWith, html, png } from '../../../../test-support/sample-files.ts';
import { signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { expectReply, type WoliveReply } from '../../../../test-support/wolive-calls.ts';
import type { ApiMe } from '../console-api/wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string, level: string) => ({ user_name, nick_name: user_name, password: PASSWORD, level });

let stack: Stack;
let anybody: HttpCaller;
let db: pg.Client;
let mona: SignedInAgent;
let sam: SignedInAgent;
let root: SignedInAgent;

beforeAll(async () => {
  const staff = [agent('mona', 'manager'), agent('sam', 'service'), agent('root', 'super_manager')];
  const businesses = [
    { business_id: 'shop', name: 'Shop', agents: staff },
    { business_id: 'other', agents: [agent('otto', 'manager')] },
  ];
  stack = await startStack({ bootstrap: { businesses } });
  anybody = httpCaller(stack.webUrl);
  db = new pg.Client(stack.databaseUrl);
  await db.connect();
  mona = await signIn(stack.webUrl, 'mona', PASSWORD);
  sam = await signIn(stack.webUrl, 'sam', PASSWORD);
  root = await signIn(stack.webUrl, 'root', PASSWORD);
});

afterAll(async () => {
  await db.end();
  await stack.stop();
});

const manage = (who: { calls: HttpCaller }, call: string, fields: Record<string, string>) =>
  who.calls.form<WoliveReply>(`/admin/manager/${call}`, fields);
const login = (user_name: string, password: string) =>
  anybody.json<WoliveReply>('POST', '/admin/login', { user_name, password });

const nora = {
  user_name: 'nora7',
  nick_name: '诺拉',
  password: 'nora-password',
  password2: 'nora-password',
  phone: '139',
  email: 'nora@example.com',
  avatar: '/a.png',
};

describe('new agents', () => {
  it('L48: made by the document’s form, they sign in', async () => {
    expectReply(await manage(mona, 'registForService', nora), 0, '成功');
    const session = await login('nora7', 'nora-password');
    expectReply(session, 0);
    expect(session.body.data).toMatchObject({
      user_name: 'nora7',
      nick_name: '诺拉',
      business_id: 'shop',
      phone: '139',
      email: 'nora@example.com',
      avatar: '/a.png',
      level: 'service',
    });
    const { rows } = await db.query<{ password_hash: string }>(
      `select password_hash from agents where user_name = 'nora7'`,
    );
    expect(rows[0]?.password_hash).toMatch(/^scrypt\$/);
  });

  const wrong: [string, Record<string, string>, RegExp][] = [
    ['a name that is taken', { user_name: 'MONA' }, /^用户名已存在$/],
    ['a name of another business', { user_name: 'otto' }, /^用户名已存在$/],
    ['no name', { user_name: '' }, /user_name/],
    ['a long name', { user_name: 'a'.repeat(17) }, /user_name/],
    ['a name with signs', { user_name: 'a_b' }, /user_name/],
    ['a Chinese name', { user_name: '客服' }, /user_name/],
    ['a short password', { password: '1234567', password2: '1234567' }, /password/],
    ['two passwords', { password2: 'nora-passworD' }, /password2/],
    ['a long nickname', { nick_name: 'x'.repeat(21) }, /nick_name/],
    ['an avatar that is a script', { avatar: 'javascript:alert(1)' }, /参数错误/],
    ['an avatar of any scheme', { avatar: '//evil.example/a.png' }, /参数错误/],
    ['a level that is none', { level: 'owner' }, /level/],
  ];
  it.each(wrong)('L48: %s', async (_what, change, msg) => {
    expectReply(await manage(mona, 'registForService', { ...nora, user_name: 'newone', ...change }), 1, msg);
    expectReply(await login('newone', 'nora-password'), 1);
  });

  it('L48: of two at once one gets the name', async () => {
    const same = { ...nora, user_name: 'twin' };
    const replies = await Promise.all([1, 2, 3].map(() => manage(mona, 'registForService', same)));
    expect(replies.map(({ body }) => body.code).sort()).toEqual([0, 1, 1]);
  });

  it('L48: a manager makes managers, and only a super manager its like', async () => {
    const chief = { ...nora, user_name: 'chief', level: 'super_manager' };
    const refused = await manage(mona, 'registForService', chief);
    expect([refused.status, refused.body.code]).toEqual([403, 1]);
    expectReply(await manage(root, 'registForService', chief), 0, '成功');
    expectReply(await manage(mona, 'registForService', { ...nora, user_name: 'mgr', level: 'manager' }), 0, '成功');
  });

  it('L52: not by agents, nor by another site', async () => {
    for (const who of [sam, { calls: mona.calls.with({ Origin: 'https://evil.example' }) }]) {
      const { status, body } = await manage(who, 'registForService', { ...nora, user_name: 'newone' });
      expect([status, body.code]).toEqual([403, 1]);
    }
    expect((await manage({ calls: anybody }, 'registForService', nora)).status).toBe(401);
  });
});

describe('avatars', () => {
  it('L49: a picture goes up, is named by update, and stays', async () => {
    const form = formWith('img_head', { bytes: png(8, 8), name: '头像.png' });
    const { body } = await sam.calls.upload<{ code: number; data: string }>('/admin/manager/uploadpic', form);
    expect(body.code).toBe(0);
    expectReply(await manage(sam, 'update', { avatar: body.data }), 0, '成功');
    expect((await sam.calls.get<ApiMe>('/api/v1/me')).body.avatar).toBe(body.data);
    const page = await mona.calls.upload<{ url: string }>(
      '/api/v1/files',
      formWith('file', { bytes: png(8, 8), name: 'b.png' }),
    );
    await mona.calls.form('/admin/set/gettab', { title: 'Us', content: `![us](${page.body.url})` });
    const unsent = formWith('upload', { bytes: png(8, 8), name: 'a.png' });
    const { data: swept } = (await anybody.upload<{ data: string }>('/admin/event/upload', unsent)).body;
    await db.query(`update files set created_at = now() - interval '2 days'`);
    await stack.restartWeb();
    await eventually(
      () => anybody.get(swept),
      ({ status }) => status === 404,
    );
    for (const kept of [body.data, page.body.url]) {
      expect((await anybody.get(kept)).headers.get('content-type')).toBe('image/png');
    }
  });

  it('L49: what is no picture, and nobody’s', async () => {
    const page = formWith('img_head', { bytes: html, name: 'a.png', type: 'image/png' });
    expect((await sam.calls.upload<WoliveReply>('/admin/manager/uploadpic', page)).body.code).toBe(1);
    expect((await anybody.upload('/admin/manager/uploadpic', page)).status).toBe(401);
  });

  it('L49: who has none has the document’s', async () => {
    const { avatar } = (await login('mona', PASSWORD)).body.data;
    expect(avatar).toBe('/assets/images/admin/avatar-admin2.png');
    const { status, headers } = await anybody.get(String(avatar));
    expect([status, headers.get('content-type')]).toEqual([200, 'image/png']);
  });
});

describe('profiles', () => {
  it('L50: what is given changes, the rest stays', async () => {
    const profile = { nick_name: '山姆', phone: '138', email: 's@example.com' };
    expectReply(await manage(sam, 'update', { user_name: 'sam', ...profile }), 0, '成功');
    expectReply(await manage(sam, 'update', { phone: '' }), 0, '成功');
    expect((await login('sam', PASSWORD)).body.data).toMatchObject({ ...profile, user_name: 'sam', phone: '' });
  });

  it('L50: under another name the session goes on', async () => {
    const before = await login('sam', PASSWORD);
    const sessions = [before, await login('sam', PASSWORD)].map((one) => anybody.with({ Cookie: cookiesOf(one) }));
    const [own, another] = sessions;
    if (own === undefined || another === undefined) throw new Error('no sessions');
    const renamed = await manage({ calls: own }, 'update', { user_name: 'samuel' });
    expectReply(renamed, 0, '成功');
    const goesOn = anybody.with({ Cookie: cookiesOf(renamed) });
    expect((await goesOn.get<ApiMe>('/api/v1/me')).body.userName).toBe('samuel');
    for (const ended of [own, another]) expect((await ended.get('/api/v1/me')).status).toBe(401);
    expectReply(await manage({ calls: goesOn }, 'update', { user_name: 'mona' }), 1, '用户名已存在');
    expectReply(await manage({ calls: goesOn }, 'update', { user_name: 'sam' }), 0, '成功');
    sam = await signIn(stack.webUrl, 'sam', PASSWORD);
  });

  it('L50: the company is the business’s name, for managers', async () => {
    expectReply(await manage(mona, 'update', { company: '新名字' }), 0, '成功');
    expect((await mona.calls.get<ApiMe>('/api/v1/me')).body.business.name).toBe('新名字');
    const refused = await manage(sam, 'update', { company: 'mine', phone: '777' });
    expect([refused.status, refused.body.code]).toEqual([403, 1]);
    expect((await login('sam', PASSWORD)).body.data['phone']).toBe('');
    expectReply(await manage(mona, 'update', { nick_name: 'Half', company: ' ' }), 1, /参数错误/);
    expect((await mona.calls.get<ApiMe>('/api/v1/me')).body.name).not.toBe('Half');
  });

  it.each([{ nick_name: ' ' }, { nick_name: 'x'.repeat(65) }, { email: 'x'.repeat(255) }, { avatar: 'data:x' }])(
    'L50: %j is refused',
    async (profile) => {
      expectReply(await manage(sam, 'update', profile), 1, /参数错误/);
    },
  );
});

describe('passwords', () => {
  const changed = { oldpass: PASSWORD, newpass: 'another-horse-2', newpass2: 'another-horse-2' };

  it('L51: the old one wrong, the new ones short or two', async () => {
    expectReply(await manage(sam, 'modify', { ...changed, oldpass: 'wrong' }), 1, '原密码不正确');
    expectReply(await manage(sam, 'modify', { ...changed, newpass: '1234567', newpass2: '1234567' }), 1, /newpass/);
    expectReply(await manage(sam, 'modify', { ...changed, newpass2: 'another-horse-3' }), 1, /newpass2/);
    expect((await sam.calls.get('/api/v1/me')).status).toBe(200);
    expectReply(await login('sam', PASSWORD), 0);
  });

  it('L51: changed, the other sessions end and this one goes on under a new id', async () => {
    const [one, other] = [await login('sam', PASSWORD), await login('sam', PASSWORD)].map((signedIn) =>
      anybody.with({ Cookie: cookiesOf(signedIn) }),
    );
    if (one === undefined || other === undefined) throw new Error('no sessions');
    const reply = await manage({ calls: one }, 'modify', changed);
    expectReply(reply, 0, '成功');
    for (const ended of [one, other, sam.calls]) expect((await ended.get('/api/v1/me')).status).toBe(401);
    expect((await anybody.with({ Cookie: cookiesOf(reply) }).get('/api/v1/me')).status).toBe(200);
    expectReply(await login('sam', PASSWORD), 1);
    expectReply(await login('sam', changed.newpass), 0);
  });
});
