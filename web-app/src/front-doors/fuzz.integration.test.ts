import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visit, type Visit } from '../../../test-support/api-visit.ts';
import { httpCaller, type HttpCaller } from '../../../test-support/http-calls.ts';
import { signIn, type SignedInAgent } from '../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../test-support/stack.ts';

const PASSWORD = 'correct-horse-1';
const RUNS = 40;

let stack: Stack;
let alice: SignedInAgent;
let visitor: Visit;
let callers: HttpCaller[];

beforeAll(async () => {
  const agents = [{ user_name: 'alice', nick_name: 'Alice', password: PASSWORD, level: 'manager' }];
  stack = await startStack({ bootstrap: { businesses: [{ business_id: 'acme', legacy_visitors: true, agents }] } });
  alice = await signIn(stack.webUrl, 'alice', PASSWORD);
  visitor = await visit(stack.webUrl, 'acme');
  callers = [httpCaller(stack.webUrl), visitor.calls, alice.calls];
});

afterAll(() => stack.stop());

/** Values that fit now and then, so that the fuzz gets past the schemas. */
const value = (fitting: string) =>
  fc.oneof(
    fc.constant(fitting),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.integer(),
    fc.jsonValue({ maxDepth: 3 }),
  );

const fields = (names: Record<string, string>) =>
  fc.record(Object.fromEntries(Object.entries(names).map(([name, fitting]) => [name, value(fitting)])), {
    requiredKeys: [],
  });

const POSTS: [string, Record<string, string>][] = [
  [
    '/api/v1/visitor-session',
    { businessId: 'acme', visitorId: 'v', token: '', hash: '', name: 'n', page: '', team: '0' },
  ],
  ['/api/v1/session', { userName: 'alice', password: 'x' }],
  ['/api/v1/conversations/:own/messages', { clientId: 'c', type: 'text', content: 'x', page: '' }],
  ['/api/v1/conversations/:own/read', { seq: '1' }],
  ['/api/v1/conversations/:own/claim', { x: '' }],
  ['/pusher/auth', { socket_id: '1.2', channel_name: 'private-kefu1', visitor_token: '' }],
  ['/pusher/user-auth', { socket_id: '1.2' }],
  ['/admin/event', { time_ms: '1', events: '' }],
  [
    '/admin/event/notice',
    { business_id: 'acme', visiter_id: 'v', channel: '', groupid: '0', visiter_name: 'n', record: '' },
  ],
  ['/admin/event/chats', { business_id: 'acme', visiter_id: 'v', service_id: '0', content: 'x', visitor_token: '' }],
  ['/admin/set/chats', { visiter_id: 'v', channel: '', content: 'x' }],
  ['/admin/set/get', { visiter_id: 'v', channel: '' }],
  ['/api/v1/leave-messages', { businessId: 'acme', name: '', phone: '', email: '', content: 'x', page: '' }],
  ['/api/v1/conversations/:own/faqs/1', { x: '' }],
  ['/admin/event/getanswer', { business_id: 'acme', qid: '1', visiter_id: 'v', visitor_token: '' }],
  ['/admin/event/message', { business_id: 'acme', content: 'x', name: '', moblie: '', email: '', visiter_id: '' }],
  ['/index/message?business_id=acme', { content: 'x', name: '', moblie: '', email: '' }],
  ['/admin/manager/addquestion', { question: 'q', answer: '', answer_read: '<p>', qid: '' }],
  ['/admin/set/gettab', { title: 't', content: '', content_read: '<p>', tid: '' }],
  ['/admin/manager/cmtalk', { content: 'hello' }],
  ['/admin/manager/registForService', { user_name: 'x', password: 'password', password2: 'password', avatar: '' }],
  ['/admin/manager/update', { nick_name: 'A', phone: '', email: '', avatar: '', company: 'Acme' }],
  ['/admin/set/getchats', { x: '' }],
  ['/admin/set/getchatnow', { sdata: '{}', visiter_id: 'v' }],
  ['/admin/set/getmessage', { channel: '762f61636d65' }],
  ['/admin/set/getwatch', { channel: '762f61636d65' }],
  ['/admin/set/getswitch', { visiter_id: 'v', id: '1', name: '' }],
  ['/admin/set/getvisiters', { service: 'alice' }],
  ['/admin/set/getviews', { visiter_id: 'v', puttime: '7' }],
  ['/admin/set/getdesignForViews', { visiter_id: 'v', start: '2026-01-01', end: '2026-12-31' }],
  ['/admin/set/apply', { visiter_id: 'v', kind: 'audio' }],
  ['/admin/event/apply', { business_id: 'acme', visiter_id: 'v', service_id: '1', kind: 'video' }],
  ['/admin/event/refuse', { business_id: 'acme', visiter_id: 'v', room: '0' }],
  ['/admin/event/chatdata', { business_id: 'acme', visiter_id: 'v', hid: '0' }],
  ['/admin/weixin/bind', { open_id: 'o' }],
  ['/api/v1/conversations/:own/transfer', { agentId: '1', teamNumber: '0' }],
  ['/api/v1/conversations/:own/rating', { score: '5', comment: 'x' }],
  ['/api/v1/conversations/:own/delivered', { seq: '1' }],
  ['/api/v1/conversations/:own/calls', { kind: 'audio' }],
  ['/admin/login', { user_name: 'alice', password: 'x' }],
];

describe('A2, L2, U3: whatever is sent, nothing breaks', () => {
  it.each(POSTS)('%s', async (path, names) => {
    await fc.assert(
      fc.asyncProperty(fields(names), fc.nat(2), async (body, who) => {
        const caller = callers[who] ?? visitor.calls;
        const { status } = await caller.json('POST', path.replace(':own', String(visitor.conversationId)), body);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: RUNS },
    );
  });

  it('queries and ids', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 }).map(encodeURIComponentOrNothing);
    await fc.assert(
      fc.asyncProperty(text, text, fc.nat(2), async (id, query, who) => {
        const caller = callers[who] ?? visitor.calls;
        for (const path of [
          `/api/v1/conversations/${id}`,
          `/api/v1/conversations?after=${query}&view=all`,
          `/api/v1/conversations/${visitor.conversationId}/messages?after_seq=${query}`,
          `/api/v1/config?business_id=${query}`,
          `/api/v1/faqs?business_id=acme&q=${query}`,
          `/api/v1/faqs/${id}?business_id=acme`,
          `/api/v1/leave-messages?after=${query}`,
          `/files/${id}/${query}`,
          `/index/message?business_id=${query}&lang=${query}`,
          `/admin/set/getwait?x=${query}`,
        ]) {
          expect((await caller.get(path)).status).toBeLessThan(500);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('what cannot be read at all', async () => {
    const json = 'application/json';
    const form = 'application/x-www-form-urlencoded';
    const bodies: [string, string][] = [
      ...['null', '1', '"x"', '{', '['.repeat(100_000)].map((body): [string, string] => [json, body]),
      [json, `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
      [json, '{"__proto__":{"business_id":"acme","isAdmin":true},"constructor":{"prototype":1},"toString":1}'],
      [`${json}; charset=utf-16`, '{}'],
      [`${json}; charset=nonsense`, '{}'],
      [form, 'a=1&'.repeat(2000)],
      [form, 'business_id[]=acme&business_id[x]=1&visiter_id=%ff%fe&__proto__[x]=1'],
      [form, '%=%&%%%'],
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=b', '--b\r\n\r\n'],
      ['text/xml', '<a/>'],
    ];
    const zipped = new Uint8Array(gzipSync(Buffer.alloc(20_000_000, ' ')));
    for (const path of [
      '/admin/event/notice',
      '/api/v1/visitor-session',
      '/pusher/auth',
      '/admin/login',
      '/admin/event/upload',
    ]) {
      for (const [type, body] of bodies) {
        const { status, body: answer } = await httpCaller(stack.webUrl).raw<unknown>('POST', path, type, body);
        expect({ path, type, body: body.slice(0, 40), status: status < 500 }).toMatchObject({ status: true });
        if (path.startsWith('/admin')) expect(answer).toMatchObject({ code: 1 });
      }
      const headers = { 'Content-Type': json, 'Content-Encoding': 'gzip' };
      const bomb = await fetch(stack.webUrl + path, { method: 'POST', headers, body: zipped });
      expect([path, bomb.status < 500 && (await bomb.text()).length < 1000]).toEqual([path, true]);
    }
    for (const path of [
      '/admin/set/%E0%A4%A',
      '/files/%E0%A4%A',
      '/api/v1/conversations/%E0%A4%A',
      '/%',
      '/admin/event/toString',
    ]) {
      expect((await httpCaller(stack.webUrl).get(path)).status).toBeOneOf([400, 404]);
    }
  });

  it('and both sides still talk', async () => {
    expect((await alice.calls.get('/api/v1/me')).status).toBe(200);
    expect((await visitor.calls.get(`/api/v1/conversations/${visitor.conversationId}/messages`)).status).toBe(200);
  });
});

/** Half a surrogate pair cannot stand in an address. */
function encodeURIComponentOrNothing(text: string): string {
  return /\p{Surrogate}/u.test(text) ? '' : encodeURIComponent(text);
}
