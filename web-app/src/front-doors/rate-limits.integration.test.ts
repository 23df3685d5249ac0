import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { messagesOf, say } from '../../../test-support/api-visit.ts';
import { httpCaller, type HttpCaller } from '../../../test-support/http-calls.ts';
import { formWith } from '../../../test-support/sample-files.ts';
import { signIn } from '../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../test-support/stack.ts';
import type { WoliveReply } from '../../../test-support/wolive-calls.ts';
import type { ApiProblem, ApiVisitorSession } from './console-api/wire.ts';

const PASSWORD = 'correct-horse-1';

let stack: Stack;
let anybody: HttpCaller;
let db: pg.Client;

beforeAll(async () => {
  stack = await startStack({
    bootstrap: {
      businesses: [{ business_id: 'acme', legacy_visitors: true, agents: [{ user_name: 'sam', password: PASSWORD }] }],
    },
    webEnv: { RATE_LIMITS: 'visitor-address=120/60,uploads=3/60,leave-messages=3/60' },
  });
  anybody = httpCaller(stack.webUrl);
  db = new pg.Client(stack.databaseUrl);
  await db.connect();
});

afterAll(async () => {
  await db.end();
  await stack.stop();
});

it('A11, L7: a visitor sends 20 messages in 10 seconds, and is told when to go on', async () => {
  const { body } = await anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { businessId: 'acme' });
  const visitor = anybody.with({ Authorization: `Bearer ${body.token}` });
  const send = () =>
    visitor.json<ApiProblem>('POST', `/api/v1/conversations/${body.conversation?.id}/messages`, {
      clientId: randomUUID(),
      type: 'text',
      content: { text: 'again' },
    });
  const answers = await Promise.all(Array.from({ length: 25 }, send));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({
    code: 'rate_limited',
    detail: expect.stringContaining('20 in 10 seconds') as string,
  });
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
});

it('A78, L95: one allowance for both doors, a clear word at each, and nothing stored beyond it', async () => {
  const fields = { business_id: 'acme', visiter_id: 'chatty' };
  const { body } = await anybody.form<WoliveReply>('/admin/event/notice', fields);
  const visitor = anybody.with({ Authorization: `Bearer ${String(body.data['visitor_token'])}` });
  const session = { businessId: 'acme', visitorId: 'chatty', token: body.data['visitor_token'] };
  const begun = await anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', session);
  const id = begun.body.conversation?.id ?? 0;
  const answers = await Promise.all(
    Array.from({ length: 26 }, async (_, n) => {
      if (n % 2 === 0) {
        const { status, body: said } = await visitor.form<WoliveReply>('/admin/event/chats', {
          ...fields,
          content: 'x',
        });
        return { status, said: `${said.code} ${said.msg}` };
      }
      const { status, body: said } = await say(visitor, id, 'x');
      return { status, said: (said as unknown as ApiProblem).detail };
    }),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(6);
  for (const { said } of refused) expect(said).toMatch(/^3 操作过于频繁，请 \d+ 秒后再试$|^At most 20 in 10 seconds/);
  expect(await messagesOf(visitor, id, '?limit=200')).toHaveLength(20);
});

it('A78, L95: a notice too many changes nothing about the visitor', async () => {
  const fields = { business_id: 'acme', visiter_id: 'renamed' };
  const { body } = await anybody.form<WoliveReply>('/admin/event/notice', { ...fields, visiter_name: 'first' });
  const token = String(body.data['visitor_token']);
  const again = (visiter_name: string) =>
    anybody.form<WoliveReply>('/admin/event/notice', { ...fields, visiter_name, visitor_token: token });
  for (let n = 0; n < 10; n += 1) await again('second');
  expect((await again('third')).status).toBe(429);
  const session = { businessId: 'acme', visitorId: 'renamed', token, name: 'fourth' };
  expect((await anybody.json('POST', '/api/v1/visitor-session', session)).status).toBe(429);
  const { rows } = await db.query<{ nickname: string }>("select nickname from users where uid = 'renamed'");
  expect(rows).toEqual([{ nickname: 'second' }]);
  // Whoever does not prove to be them cannot use their allowance up, nor has one.
  expect((await anybody.form<WoliveReply>('/admin/event/notice', fields)).body.code).toBe(1);
});

it('L7: ten notices a minute for a visitor, then code 3', async () => {
  const notice = () =>
    anybody.form<{ code: number; msg: string }>('/admin/event/notice', { business_id: 'acme', visiter_id: 'busy' });
  for (let n = 0; n < 10; n += 1) expect((await notice()).status).toBe(200);
  const refused = await notice();
  expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 429, code: 3 });
  expect(refused.body.msg).toContain('秒后再试');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});

it('A11, L7: an address sends so many files up, and leaves so many messages, over both doors and the page', async () => {
  const left = { businessId: 'acme', content: 'x' };
  const form = { business_id: 'acme', content: 'x' };
  expect((await anybody.json('POST', '/api/v1/leave-messages', left)).status).toBe(201);
  expect((await anybody.form('/admin/event/message', form)).status).toBe(200);
  expect((await anybody.form('/index/message?business_id=acme', form)).status).toBe(200);
  expect((await anybody.form('/index/message?business_id=acme', form)).status).toBe(429);
  expect((await anybody.form('/admin/event/message', form)).status).toBe(429);
  expect((await anybody.json('POST', '/api/v1/leave-messages', left)).status).toBe(429);

  const { body } = await anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { businessId: 'acme' });
  const visitor = anybody.with({ Authorization: `Bearer ${body.token}` });
  const own = () => visitor.upload('/api/v1/files', formWith('file', { bytes: 'words', name: 'a.txt' }));
  const stranger = () =>
    anybody.upload('/admin/event/uploadfile', formWith('folder', { bytes: 'words', name: 'a.txt' }));
  expect([(await own()).status, (await stranger()).status, (await own()).status]).toEqual([201, 200, 201]);
  expect([(await own()).status, (await stranger()).status]).toEqual([429, 429]);
});

it('L51: the old password cannot be guessed with a session that was left open', async () => {
  const sam = await signIn(stack.webUrl, 'sam', PASSWORD);
  const modify = (oldpass: string) =>
    sam.calls.form<{ code: number; msg: string }>('/admin/manager/modify', {
      oldpass,
      newpass: 'another-horse-2',
      newpass2: 'another-horse-2',
    });
  for (let n = 0; n < 10; n += 1) expect((await modify(`guess ${n}`)).body.msg).toBe('原密码不正确');
  const { status, body } = await modify(PASSWORD);
  expect({ status, code: body.code }).toEqual({ status: 429, code: 1 });
});

it('A11, L7: an address has its limit too, over both doors', async () => {
  let status = 200;
  for (let n = 0; n < 121 && status === 200; n += 1) {
    // What a caller says about where they come from is believed of a proxy alone (TRUST_PROXY).
    const caller = anybody.with({ 'X-Forwarded-For': `203.0.113.${n}`, 'X-Real-IP': `203.0.113.${n}` });
    ({ status } = await caller.form('/admin/event/notice', { business_id: 'acme', visiter_id: `v${n}` }));
  }
  expect(status).toBe(429);
  const session = await anybody.json('POST', '/api/v1/visitor-session', { businessId: 'acme' });
  expect(session.status).toBe(429);
});
