import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { expectReply, type WoliveList, type WoliveReply } from '../../../../test-support/wolive-calls.ts';

const PASSWORD = 'correct-horse-1';

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

let stack: Stack;
let anybody: HttpCaller;
let anna: SignedInAgent;

beforeAll(async () => {
  const agents = [{ user_name: 'anna', nick_name: 'Anna', password: PASSWORD }];
  stack = await startStack({ bootstrap: { businesses: [{ business_id: 'auto', legacy_visitors: true, agents }] } });
  anybody = httpCaller(stack.webUrl);
  anna = await signIn(stack.webUrl, 'anna', PASSWORD);
});

afterAll(() => stack.stop());

describe('sessions and sites', () => {
  const AGENT_CALLS = ['getchats', 'getwait', 'get', 'chats'];

  it.each(AGENT_CALLS)('L3: set/%s without a session', async (call) => {
    for (const path of [`/admin/set/${call}`, `/index.php/admin/set/${call}`]) {
      const { status, body } = await anybody.form<WoliveReply>(path, { visiter_id: '1', content: 'x' });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 401 });
    }
  });

  it.each(AGENT_CALLS)('L6: set/%s refuses a foreign Origin and has no CORS', async (call) => {
    const foreign = anna.calls.with({ Origin: 'https://evil.example' });
    const { status, headers } = await foreign.form(`/admin/set/${call}`, { visiter_id: '1', content: 'x' });
    expect(status).toBe(403);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('L6: visitors’ calls are open to every site, without credentials', async () => {
    const site = anybody.with({ Origin: 'https://shop.example' });
    const { headers } = await site.form('/admin/event/notice', { business_id: 'auto', visiter_id: '1' });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect((await site.json('OPTIONS', '/admin/event/chats')).status).toBe(204);
  });

  it('L22: signing in by JSON, by XHR, by form', async () => {
    const credentials = { user_name: 'anna', password: PASSWORD };
    const json = await anybody.json<WoliveReply>('POST', '/admin/login', credentials);
    expectReply(json, 0, '');
    expect(Object.keys(json.body.data)).toEqual(expect.arrayContaining([...SERVICE_COLUMNS, 'phone', 'email']));
    expect(json.body.data).not.toHaveProperty('password');
    const session = anybody.with({ Cookie: cookiesOf(json) });
    expect((await session.form<WoliveList>('/admin/set/getchats', {})).body.code).toBe(0);

    const xhr = await anybody
      .with({ 'X-Requested-With': 'XMLHttpRequest' })
      .form<WoliveReply>('/admin/login', credentials);
    expectReply(xhr, 0, '');
    const form = await anybody.form('/index.php/admin/login', credentials);
    expect({ status: form.status, to: form.headers.get('location') }).toEqual({ status: 303, to: '/console/' });
    expect(cookiesOf(form)).not.toBe('');
    expect((await anybody.get('/admin/login')).headers.get('location')).toBe('/console/');
  });

  it('L22: a wrong name and a wrong password are the same', async () => {
    const name = await anybody.json<WoliveReply>('POST', '/admin/login', { user_name: 'nobody', password: PASSWORD });
    const password = await anybody.json<WoliveReply>('POST', '/admin/login', { user_name: 'anna', password: 'wrong' });
    expectReply(name, 1);
    expect(password.body).toEqual(name.body);
    const foreign = anybody.with({ Origin: 'https://evil.example' });
    expect((await foreign.json('POST', '/admin/login', { user_name: 'anna', password: PASSWORD })).status).toBe(403);
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
    const signature = createHmac('sha256', stack.app.secret).update(body).digest('hex');
    const bySignatureAlone = anybody.with({ 'X-Pusher-Signature': signature });
    expect((await bySignatureAlone.raw('POST', '/admin/event', 'application/json', body)).status).toBe(200);
    expect((await anybody.raw('POST', '/admin/event', 'application/json', body)).status).toBe(401);
    for (const text of ['{', '[]', '{"events":[{"name":1}]}', '']) {
      expect((await signed(text, stack.app.secret)).status).toBe(400);
    }
    expect((await signed('x'.repeat(3 * 1024 * 1024), stack.app.secret)).status).toBe(413);
  });
});

describe('wrong types in every field of every call', () => {
  /** Refused by the schema, or by the domain in its own words. */
  const TOO_LONG = 'x'.repeat(20_000);
  const WRONG: unknown[] = [null, true, [], ['a'], {}, 'a\0b', '\ud800', TOO_LONG];
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
    const send = (fields: unknown) => (who === 'agent' ? anna.calls : anybody).json<WoliveReply>('POST', path, fields);

    it.each(Object.keys(valid))('%s', async (field) => {
      for (const value of WRONG) {
        const { status, body } = await send({ ...valid, [field]: value });
        expect({ value, status, code: body.code }).toEqual({ value, status: 200, code: failure });
        if (value !== TOO_LONG) expect(body.msg).toContain(`参数错误：${field}`);
      }
    });

    it('no fields, no object, unreadable, too large', async () => {
      expect((await send({})).body.code).toBe(failure);
      expect((await send([1])).body.code).toBe(failure);
      const caller = who === 'agent' ? anna.calls : anybody;
      const malformed = await caller.raw<WoliveReply>('POST', path, 'application/json', '{"a":');
      expect({ status: malformed.status, code: malformed.body.code }).toEqual({ status: 200, code: failure });
      const large = await caller.raw<WoliveReply>(
        'POST',
        path,
        'application/json',
        JSON.stringify({ x: 'x'.repeat(300_000) }),
      );
      expect({ status: large.status, code: large.body.code }).toEqual({ status: 413, code: failure });
      const text = await caller.raw<WoliveReply>('POST', path, 'text/plain', 'business_id=auto');
      expect(text.body.code).toBe(failure);
    });
  });
});
