import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { expectReply, visiterCalls, type WoliveReply } from '../../../../test-support/wolive-calls.ts';

const PASSWORD = 'correct-horse-1';
const TOKEN = 'weixinToken1';

interface Template {
  touser: string;
  template_id: string;
  url: string;
  data: Record<string, { value: string }>;
}

/** WeChat's API as far as it is called: tokens, and messages by template. */
class WeixinServer {
  readonly sent: Template[] = [];
  tokensGiven = 0;
  /** What the next calls answer instead of what they would; `hang` answers nothing. */
  readonly answers: (object | 'hang' | 'down')[] = [];
  readonly #server: Server;

  constructor() {
    const app = express();
    app.get('/cgi-bin/token', (req, res) => {
      const { grant_type, appid, secret } = req.query;
      if (grant_type !== 'client_credential' || appid !== 'wx1' || secret !== 'weixin-secret') {
        return void res.json({ errcode: 40_001, errmsg: 'invalid credential' });
      }
      this.tokensGiven += 1;
      res.json({ access_token: `token-${this.tokensGiven}`, expires_in: 7200 });
    });
    app.post('/cgi-bin/message/template/send', express.json(), (req, res) => {
      const next = this.answers.shift();
      if (next === 'hang') return;
      if (next === 'down') return void res.status(502).send('<html>');
      if (next !== undefined) return void res.json(next);
      if (req.query['access_token'] !== `token-${this.tokensGiven}`) {
        return void res.json({ errcode: 40_001, errmsg: 'invalid credential, access_token is invalid' });
      }
      this.sent.push(req.body as Template);
      res.json({ errcode: 0, errmsg: 'ok', msgid: this.sent.length });
    });
    this.#server = createServer(app);
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  to(openId: string): Promise<Template[]> {
    return eventually(
      () => Promise.resolve(this.sent.filter(({ touser }) => touser === openId)),
      (found) => found.length > 0,
    );
  }
}

const weixin = new WeixinServer();
let stack: Stack;
let anybody: HttpCaller;
let db: pg.Client;
let notice: ReturnType<typeof visiterCalls>['notice'];
let chats: ReturnType<typeof visiterCalls>['chats'];

const agent = (user_name: string) => ({ user_name, nick_name: user_name, password: PASSWORD, max_conversations: 500 });

beforeAll(async () => {
  const apiUrl = await weixin.listen();
  stack = await startStack({
    bootstrap: {
      businesses: [
        { business_id: 'shop', name: '青山', legacy_visitors: true, agents: [agent('anna'), agent('bert')] },
        { business_id: 'sealed', legacy_visitors: true, encrypt_channels: true, agents: [agent('cora')] },
        { business_id: 'alone', legacy_visitors: true, agents: [agent('dora')] },
      ],
    },
    webEnv: {
      WEIXIN_APP_ID: 'wx1',
      WEIXIN_APP_SECRET: 'weixin-secret',
      WEIXIN_API_URL: apiUrl,
      WEIXIN_TEMPLATE_ID: 'template-1',
      WEIXIN_TOKEN: TOKEN,
    },
  });
  anybody = httpCaller(stack.webUrl);
  ({ notice, chats } = visiterCalls(stack.webUrl));
  db = new pg.Client(stack.databaseUrl);
  await db.connect();
});

afterAll(async () => {
  await db?.end();
  await stack?.stop();
  weixin.close();
});

beforeEach(() => {
  weixin.sent.splice(0);
  weixin.answers.splice(0);
});

/** WeChat's signature of a moment. */
function signed(token = TOKEN, timestamp = String(Math.floor(Date.now() / 1000)), nonce = 'n1'): string {
  const signature = createHash('sha1').update([token, timestamp, nonce].sort().join('')).digest('hex');
  return new URLSearchParams({ signature, timestamp, nonce }).toString();
}

function xml(fields: Record<string, string>): string {
  const parts = Object.entries(fields).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`);
  return `<xml>${parts.join('')}<CreateTime>1511943424</CreateTime></xml>`;
}

const told = (fields: Record<string, string>) =>
  anybody.raw<string>(
    'POST',
    `/admin/weixin/callback?${signed()}`,
    'text/xml',
    xml({ ToUserName: 'gh_shop', ...fields }),
  );
const writes = (openId: string, words: string) => told({ FromUserName: openId, MsgType: 'text', Content: words });

const call = (who: SignedInAgent, name: string, fields: Record<string, string> = {}) =>
  who.calls.form<WoliveReply>(`/admin/weixin/${name}`, fields);
const codeOf = async (who: SignedInAgent) => String((await call(who, 'bind')).body.data['code']);

describe('binding', () => {
  it('L84: an open id, by its name', async () => {
    const anna = await signIn(stack.webUrl, 'anna', PASSWORD);
    expect((await call(anna, 'get')).body).toMatchObject({ code: 0, data: null });
    const bound = await call(anna, 'bind', { open_id: 'oAnna-1' });
    expectReply(bound, 0);
    const row = { wid: expect.any(Number) as number, service_id: anna.me.id, open_id: 'oAnna-1' };
    expect(bound.body.data).toEqual(row);
    await call(anna, 'bind', { open_id: 'oAnna-2' });
    expect((await call(anna, 'get')).body.data).toEqual({ ...row, open_id: 'oAnna-2' });
    for (const open_id of ['x', 'a b c d e f', '<script>alert(1)</script>', 'o'.repeat(129)]) {
      expectReply(await call(anna, 'bind', { open_id }), 1, /open_id/);
    }
    const view = await db.query('select * from wolive_weixin');
    expect(view.rows.map((one: object) => Object.keys(one))).toEqual([['wid', 'service_id', 'open_id']]);
    await expect(db.query(`update wolive_weixin set open_id = 'x'`)).rejects.toThrow(/cannot update view/);
    expectReply(await call(anna, 'unbind'), 0);
    expect((await call(anna, 'get')).body.data).toBeNull();
    expect((await anybody.form('/admin/weixin/bind', { open_id: 'oAnna-1' })).status).toBe(401);
  });

  it('L84, L85: a code that a follower brings, once', async () => {
    const bert = await signIn(stack.webUrl, 'bert', PASSWORD);
    const first = await codeOf(bert);
    const code = await codeOf(bert);
    expect(code).toMatch(/^[A-Z2-9]{8}$/);
    expect((await writes('oBert-1', first)).body).toContain('无效或已过期');
    const answer = await writes('oBert-1', ` ${code.toLowerCase()} `);
    expect(answer.headers.get('content-type')).toContain('xml');
    expect(answer.body).toContain('<ToUserName>oBert-1</ToUserName><FromUserName>gh_shop</FromUserName>');
    expect(answer.body).toContain('绑定成功');
    expect((await call(bert, 'get')).body.data).toMatchObject({ open_id: 'oBert-1' });
    expect((await writes('oOther-1', code)).body).toContain('无效或已过期');
    expect((await call(bert, 'get')).body.data).toMatchObject({ open_id: 'oBert-1' });

    const scanned = await codeOf(bert);
    await told({ FromUserName: 'oBert-2', MsgType: 'event', Event: 'subscribe', EventKey: `qrscene_${scanned}` });
    expect((await call(bert, 'get')).body.data).toMatchObject({ open_id: 'oBert-2' });
    const again = await codeOf(bert);
    await told({ FromUserName: 'oBert-3', MsgType: 'event', Event: 'SCAN', EventKey: again });
    expect((await call(bert, 'get')).body.data).toMatchObject({ open_id: 'oBert-3' });
    await call(bert, 'unbind');
  });

  it('L84: a code ends after ten minutes', async () => {
    const bert = await signIn(stack.webUrl, 'bert', PASSWORD);
    const code = await codeOf(bert);
    await db.query(`update weixin_codes set expires_at = now() - interval '1 second'`);
    expect((await writes('oBert-1', code)).body).toContain('无效或已过期');
    expect((await call(bert, 'get')).body.data).toBeNull();
  });

  it('L85: only what is signed, and fresh', async () => {
    const path = '/admin/weixin/callback';
    const greeted = await anybody.get<string>(`${path}?${signed()}&echostr=hello-7`);
    expect({ status: greeted.status, body: greeted.body }).toEqual({ status: 200, body: 'hello-7' });
    expect(greeted.headers.get('content-type')).toContain('text/plain');
    const old = String(Math.floor(Date.now() / 1000) - 3600);
    for (const query of [
      '',
      signed('wrongToken'),
      signed(TOKEN, old),
      `${signed()}x`.replace('signature=', 'signature=0'),
    ]) {
      expect((await anybody.get(`${path}?${query}&echostr=x`)).status).toBe(401);
      expect((await anybody.raw('POST', `${path}?${query}`, 'text/xml', '<xml></xml>')).status).toBe(401);
    }
  });

  it.each([
    ['nothing', ''],
    ['a beginning', '<xml>'],
    ['JSON', '{"a":1}'],
    ['no kind', '<xml><FromUserName><![CDATA[oX-123456]]></FromUserName></xml>'],
    ['an image', xml({ FromUserName: 'oX-123456', MsgType: 'image', Content: 'AAAAAAAA' })],
    ['no open id', xml({ MsgType: 'text', Content: 'AAAAAAAA' })],
    ['what was made to be slow', '<Content>'.repeat(5000)],
  ])('L85: what asks for nothing is taken and answered: %s', async (_what, body) => {
    const answer = await anybody.raw('POST', `/admin/weixin/callback?${signed()}`, 'text/xml', body);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: 'success' });
  });
});

let visitors = 0;

/** An agent with an open conversation who has gone home, and the visitor who goes on writing. */
async function leftAlone(slug: string, name: string, openId: string) {
  const there = await onLine(stack.webUrl, name, PASSWORD);
  await call(there, 'bind', { open_id: openId });
  await there.calls.json('PUT', '/api/v1/me/status', { status: 'online' });
  const visiter_id = `v${(visitors += 1)}`;
  const { body } = await notice(slug, visiter_id, { visiter_name: '王小明' });
  expect(body.data['service_id']).toBe(there.me.id);
  await there.calls.json('PUT', '/api/v1/me/status', { status: 'offline' });
  there.leave();
  const fields = { business_id: slug, visiter_id, service_id: String(there.me.id) };
  return { agent: there, say: (content: string) => chats({ ...fields, content }) };
}

/** How many notices of an agent are so. */
async function count(what: string, { me }: SignedInAgent): Promise<number> {
  const sql = `select count(*)::int as count from weixin_notices where user_id = $1 and ${what}`;
  return (await db.query<{ count: number }>(sql, [me.id])).rows[0]?.count ?? 0;
}

describe('telling an agent who is away', () => {
  it('L86: by template, once in five minutes, and not what the agent has heard', async () => {
    const { agent: anna, say } = await leftAlone('shop', 'anna', 'oAnna-9');
    const long = '请问这一件还有货吗？我想买两个，最好今天就能发出来。';
    expectReply(await say(long), 0);
    const [first] = await weixin.to('oAnna-9');
    expect(first).toMatchObject({ template_id: 'template-1', url: `${stack.webUrl}/console/` });
    expect(first?.data).toMatchObject({
      first: { value: expect.stringContaining('青山') as string },
      keyword1: { value: '王小明' },
      keyword2: { value: `${[...long].slice(0, 20).join('')}…` },
      keyword3: { value: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/) as string },
    });
    expectReply(await say('在吗'), 0);
    await eventually(
      () => count(`due_at > now() + interval '4 minutes'`, anna),
      (waiting) => waiting === 1,
    );
    expect(weixin.sent).toHaveLength(1);

    // Five minutes later the second is due, but the agent has read it by then.
    const { body } = await anna.calls.form<{ data: { visiter_id: string }[] }>('/admin/set/getchats', {});
    await anna.calls.form('/admin/set/getwatch', { visiter_id: String(body.data[0]?.visiter_id) });
    await db.query(`update weixin_notices set due_at = now() where user_id = $1`, [anna.me.id]);
    await eventually(
      () => count('due_at is not null', anna),
      (waiting) => waiting === 0,
    );
    expect(weixin.sent).toHaveLength(1);
    expect(weixin.tokensGiven).toBe(1);
  });

  it('L86: of a business that encrypts no word goes out', async () => {
    const { say } = await leftAlone('sealed', 'cora', 'oCora-1');
    expectReply(await say('天知地知'), 0);
    const [message] = await weixin.to('oCora-1');
    expect(message?.data['keyword2']).toEqual({ value: '[新消息]' });
    expect(JSON.stringify(message)).not.toContain('天知');
  });

  it('L86: whoever waits while nobody is there is told to those who could come', async () => {
    const dora = await signIn(stack.webUrl, 'dora', PASSWORD);
    await call(dora, 'bind', { open_id: 'oDora-1' });
    const visiter_id = `v${(visitors += 1)}`;
    expect((await notice('alone', visiter_id)).body.code).toBe(3);
    expectReply(await chats({ business_id: 'alone', visiter_id, service_id: '0', content: '有人吗' }), 0);
    expect((await weixin.to('oDora-1'))[0]?.data['keyword2']).toEqual({ value: '有人吗' });
  });

  it.each([
    ['a token that WeChat does not take any more', [{ errcode: 42_001, errmsg: 'access_token expired' }]],
    ['a busy system', [{ errcode: -1, errmsg: 'system error' }]],
    ['an answer that is none', ['down' as const]],
  ])('L86: %s is got over', async (_what, answers) => {
    const before = weixin.tokensGiven;
    const { agent: bert, say } = await leftAlone('shop', 'bert', `oBert-${(visitors += 1)}`);
    weixin.answers.push(...answers);
    expectReply(await say('再问一句'), 0);
    await eventually(
      async () => {
        // The back-off is five seconds; nobody waits for it here.
        await db.query(`update weixin_notices set due_at = now() where user_id = $1 and due_at > now()`, [bert.me.id]);
        return weixin.sent.length;
      },
      (count) => count === 1,
    );
    expect(weixin.tokensGiven - before).toBe(JSON.stringify(answers).includes('42001') ? 1 : 0);
    await call(bert, 'unbind');
  });

  it('L86: what WeChat refuses is not tried again, and said in the log without any secret', async () => {
    const { agent: bert, say } = await leftAlone('shop', 'bert', 'oGone-1');
    weixin.answers.push({ errcode: 43_004, errmsg: 'require subscribe' });
    expectReply(await say('你好'), 0);
    await eventually(
      () => Promise.resolve(stack.web.output()),
      (output) => output.includes('43004'),
    );
    expect(await count('due_at is not null', bert)).toBe(0);
    expect(weixin.sent).toEqual([]);
    expect(stack.web.output()).not.toMatch(/weixin-secret|token-\d/);
    await call(bert, 'unbind');
  });

  it('L86: nobody waits for a WeChat that says nothing', async () => {
    const { agent: bert, say } = await leftAlone('shop', 'bert', 'oSlow-1');
    weixin.answers.push('hang');
    expectReply(await say('一'), 0);
    await eventually(
      () => Promise.resolve(weixin.answers.length),
      (left) => left === 0,
    );
    const began = performance.now();
    for (const words of ['二', '三', '四']) expectReply(await say(words), 0);
    expect(performance.now() - began).toBeLessThan(2000);
    await call(bert, 'unbind');
  });
});
