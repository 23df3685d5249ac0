import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, messagesOf, visit as visitAt, type Visit } from '../../../../test-support/api-visit.ts';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type { ApiConfig, ApiFaq, ApiFaqAnswer, ApiLeaveMessage, ApiPage, ApiTab, ApiWidgetSettings } from './wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string, level: string) => ({ user_name, nick_name: user_name, password: PASSWORD, level });

const questions = [
  { question: 'Do you ship abroad?', answer: 'Yes, **everywhere** <script>alert(1)</script>' },
  { question: 'What is 100% cotton?', answer: 'A fabric' },
];
const bootstrap = {
  businesses: [
    {
      business_id: 'acme',
      questions,
      video_state: 'close',
      allowed_domains: ['shop.example'],
      widget: { accent: '#118844', preChat: { enabled: true } },
      agents: [agent('mona', 'manager'), agent('sam', 'service')],
    },
    { business_id: 'other', questions: [{ question: 'Other?', answer: 'x' }], agents: [agent('otto', 'manager')] },
    { business_id: 'shut', state: 'close' },
  ],
};

const DEFAULTS: ApiWidgetSettings = {
  accent: '#2F6BFF',
  position: 'right',
  title: '',
  launcherText: '',
  avatar: '',
  preChat: { enabled: false, fields: ['name'] },
  consent: 'auto',
  proactive: [],
};

let stack: Stack;
let anybody: HttpCaller;
let mona: SignedInAgent;
let sam: SignedInAgent;
let otto: SignedInAgent;
let ann: Visit;

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  anybody = httpCaller(stack.webUrl);
  mona = await signIn(stack.webUrl, 'mona', PASSWORD);
  sam = await signIn(stack.webUrl, 'sam', PASSWORD);
  otto = await signIn(stack.webUrl, 'otto', PASSWORD);
  ann = await visitAt(stack.webUrl, 'acme');
});

afterAll(() => stack.stop());

const faqs = async (query: string, calls = anybody) =>
  (await calls.get<{ items: ApiFaq[] }>(`/api/v1/faqs?${query}`)).body.items;
const faqId = async (business: string) => (await faqs(`business_id=${business}`))[0]?.id ?? 0;

describe('questions', () => {
  it('A40: all of them, and those that hold a word', async () => {
    expect((await faqs('business_id=acme')).map(({ question }) => question)).toEqual(
      questions.map(({ question }) => question),
    );
    const found = async (q: string) => (await faqs(new URLSearchParams({ business_id: 'acme', q }).toString())).length;
    expect([
      await found('SHIP'),
      await found('fabric'),
      await found('100%'),
      await found('%'),
      await found('nothing'),
    ]).toEqual([1, 1, 1, 1, 0]);
    expectProblem(await anybody.get('/api/v1/faqs'), 422, 'invalid');
    expectProblem(await anybody.get('/api/v1/faqs?business_id=nobody'), 404, 'not_found');
    expectProblem(await anybody.get(`/api/v1/faqs?business_id=acme&q=${'x'.repeat(101)}`), 422, 'invalid');
  });

  it('A40, A42: one with its answer, safe to be shown', async () => {
    const id = await faqId('acme');
    const { status, body } = await anybody.get<ApiFaqAnswer>(`/api/v1/faqs/${id}?business_id=acme`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id,
      question: questions[0]?.question,
      answerHtml: '<p>Yes, <strong>everywhere</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>',
    });
    for (const wrong of ['0', '-1', 'x', '99999999', '9'.repeat(30), await faqId('other')]) {
      expectProblem(await anybody.get(`/api/v1/faqs/${wrong}?business_id=acme`), 404, 'not_found');
    }
  });

  it('A41: asked, question and answer are in the conversation', async () => {
    const path = `/api/v1/conversations/${ann.conversationId}/faqs`;
    const { status, body } = await ann.calls.json<ApiFaqAnswer>('POST', `${path}/${await faqId('acme')}`, {});
    expect([status, body.question]).toEqual([201, questions[0]?.question]);
    const said = (await messagesOf(ann.calls, ann.conversationId)).map(({ senderRole, body: { content } }) => [
      senderRole,
      content,
    ]);
    expect(said).toEqual([
      ['customer', { text: questions[0]?.question }],
      ['system', { text: questions[0]?.answer }],
    ]);
    expectProblem(await ann.calls.json('POST', `${path}/${await faqId('other')}`, {}), 404, 'not_found');
    expectProblem(await mona.calls.json('POST', `${path}/${await faqId('acme')}`, {}), 403, 'forbidden');
    expectProblem(await anybody.json('POST', `${path}/1`, {}), 401, 'unauthorized');
    const bob = await visitAt(stack.webUrl, 'acme');
    expectProblem(await bob.calls.json('POST', `${path}/${await faqId('acme')}`, {}), 404, 'not_found');
  });
});

it('A43: the business’s pages', async () => {
  const tab = { title: 'About', content: '# Us' };
  await mona.calls.form('/admin/set/gettab', tab);
  const { items } = (await anybody.get<{ items: ApiTab[] }>('/api/v1/tabs?business_id=acme')).body;
  expect(items).toEqual([{ id: expect.any(Number) as number, title: 'About', contentHtml: '<h1>Us</h1>' }]);
  expect((await anybody.get('/api/v1/tabs?business_id=other')).body).toEqual({ items: [] });
});

describe('leave-messages', () => {
  const left = {
    businessId: 'acme',
    name: 'Ann',
    phone: '138',
    email: 'a@example.com',
    content: 'Call me',
    page: '/x',
  };

  it('A44: by anybody, and by a visitor who shows to be one', async () => {
    const { status, body } = await anybody.json<{ id: number }>('POST', '/api/v1/leave-messages', left);
    expect([status, body]).toEqual([201, { id: expect.any(Number) as number }]);
    expect((await ann.calls.json('POST', '/api/v1/leave-messages', { businessId: 'acme', content: 'x' })).status).toBe(
      201,
    );
    const wrongToken = anybody.with({ Authorization: 'Bearer nobodys' });
    expectProblem(await wrongToken.json('POST', '/api/v1/leave-messages', left), 401, 'unauthorized');
    const other = { ...left, businessId: 'other' };
    expectProblem(await ann.calls.json('POST', '/api/v1/leave-messages', other), 401, 'unauthorized');
  });

  it('A44: empty, too long, closed, unknown, from a site that may not', async () => {
    const leave = (change: object, calls = anybody) =>
      calls.json('POST', '/api/v1/leave-messages', { ...left, ...change });
    expectProblem(await leave({ content: ' \n ' }), 422, 'empty_message');
    expectProblem(await leave({ content: 'x'.repeat(10_001) }), 422, 'invalid');
    expectProblem(await leave({ name: 'x'.repeat(256) }), 422, 'invalid');
    expectProblem(await leave({ content: null }), 422, 'invalid');
    expectProblem(await leave({ businessId: 'shut' }), 403, 'business_closed');
    expectProblem(await leave({ businessId: 'nobody' }), 404, 'not_found');
    expectProblem(await leave({}, anybody.with({ Origin: 'https://evil.example' })), 403, 'forbidden');
    const allowed = await leave({}, anybody.with({ Origin: 'https://shop.example' }));
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });

  it('A45: read by agents, the newest first, page by page, their own business’s', async () => {
    for (const content of ['1', '2', '3']) {
      await anybody.json('POST', '/api/v1/leave-messages', { businessId: 'other', content });
    }
    const read = async (query: string) =>
      (await otto.calls.get<ApiPage<ApiLeaveMessage>>(`/api/v1/leave-messages?${query}`)).body;
    const first = await read('limit=2');
    expect(first.items.map(({ content }) => content)).toEqual(['3', '2']);
    const rest = await read(`limit=2&after=${first.next ?? ''}`);
    expect([rest.items.map(({ content }) => content), rest.next]).toEqual([['1'], null]);
    const { items } = (await sam.calls.get<ApiPage<ApiLeaveMessage>>('/api/v1/leave-messages')).body;
    expect(items).toContainEqual({
      id: expect.any(Number) as number,
      userId: null,
      name: 'Ann',
      phone: '138',
      email: 'a@example.com',
      content: 'Call me',
      page: '/x',
      createdAt: expect.stringMatching(/Z$/) as string,
    });
    expect(items.some(({ userId }) => userId === ann.session.userId)).toBe(true);
    expectProblem(await ann.calls.get('/api/v1/leave-messages'), 403, 'forbidden');
    expectProblem(await anybody.get('/api/v1/leave-messages'), 401, 'unauthorized');
    for (const query of ['after=x', 'after=-1', 'limit=0', 'limit=101']) {
      expectProblem(await otto.calls.get(`/api/v1/leave-messages?${query}`), 422, 'invalid');
    }
    const foreign = await anybody.with({ Origin: 'https://evil.example' }).get('/api/v1/leave-messages');
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the widget’s settings', () => {
  const settings = (who: { calls: HttpCaller }) => who.calls.get<ApiWidgetSettings>('/api/v1/settings/widget');
  const put = (who: { calls: HttpCaller }, change: object) =>
    who.calls.json<ApiWidgetSettings>('PUT', '/api/v1/settings/widget', change);

  it('A46: defaults, the bootstrap file’s, and the manager’s; seen at once', async () => {
    expect((await settings(otto)).body).toEqual(DEFAULTS);
    expect((await settings(mona)).body).toEqual({
      ...DEFAULTS,
      accent: '#118844',
      preChat: { enabled: true, fields: ['name'] },
    });
    const chosen: ApiWidgetSettings = {
      accent: '#AA0000',
      position: 'left',
      title: '客服',
      launcherText: '咨询',
      avatar: '/files/x/a.png',
      preChat: { enabled: true, fields: ['name', 'phone'] },
      consent: 'ask',
      proactive: [{ page: '*/cart', afterS: 30, text: '需要帮助吗？' }],
    };
    expect(await put(otto, chosen)).toMatchObject({ status: 200, body: chosen });
    expect((await settings(otto)).body).toEqual(chosen);
    const { business } = (await anybody.get<ApiConfig>('/api/v1/config?business_id=other')).body;
    expect(business.widget).toEqual(chosen);
    expect(business.theme.accent).toBe('#AA0000');
    expect((await put(otto, {})).body).toEqual(DEFAULTS);
  });

  it('A46: a field that does not fit changes nothing', async () => {
    const rule = { page: '/', afterS: 1, text: 'x' };
    const wrong: [string, unknown][] = [
      ['accent', 'red'],
      ['accent', '#fff;} body{display:none'],
      ['position', 'top'],
      ['title', 'x'.repeat(61)],
      ['launcherText', 7],
      ['avatar', 'javascript:alert(1)'],
      ['avatar', '//evil.example/a.png'],
      ['preChat.fields', { enabled: true, fields: ['name', 'name'] }],
      ['preChat.fields.0', { enabled: true, fields: ['password'] }],
      ['consent', 'never'],
      ['proactive', Array.from({ length: 11 }, () => rule)],
      ['proactive.0.text', [{ ...rule, text: '' }]],
      ['proactive.0.afterS', [{ ...rule, afterS: -1 }]],
      ['title', 'a\0b'],
    ];
    for (const [field, value] of wrong) {
      const name = field.split('.')[0] ?? '';
      const answer = await put(mona, { title: 'changed', [name]: value });
      expectProblem(answer, 422, 'invalid');
      expect(answer.body).toMatchObject({ errors: [{ field }] });
    }
    expect((await settings(mona)).body.title).toBe('');
  });

  it('A46: for managers, with the CSRF token', async () => {
    expectProblem(await settings(sam), 403, 'forbidden');
    expectProblem(await put(sam, {}), 403, 'forbidden');
    expectProblem(await settings(ann), 403, 'forbidden');
    expectProblem(await settings({ calls: anybody }), 401, 'unauthorized');
    expectProblem(await put({ calls: httpCaller(stack.webUrl, { Cookie: mona.cookie }) }, {}), 403, 'forbidden');
  });
});

it('A47: the configuration names what there is', async () => {
  const config = async (slug: string) =>
    (await anybody.get<ApiConfig>(`/api/v1/config?business_id=${slug}`)).body.business;
  expect(await config('acme')).toMatchObject({
    features: { audio: true, video: false, voice: true },
    tabs: [{ id: expect.any(Number) as number, title: 'About' }],
    hasFaqs: true,
  });
  expect(await config('shut')).toMatchObject({ widget: DEFAULTS, tabs: [], hasFaqs: false });
});
