import { createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, messagesOf, say, textsOf, visit as visitAt } from '../../../../test-support/api-visit.ts';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { onLine, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type { ApiConfig, ApiConversation, ApiPage, ApiVisitorSession } from './wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string) => ({ user_name, nick_name: user_name, password: PASSWORD, max_conversations: 500 });

const bootstrap = {
  businesses: [
    { business_id: 'acme', name: 'Acme', distribution_rule: 'auto', greeting: '您好', agents: [agent('alice')] },
    { business_id: 'line', name: 'Line', distribution_rule: 'claim', agents: [agent('bob')] },
    { business_id: 'night', name: 'Night', offline_text: '客服不在线', agents: [agent('dave')] },
    { business_id: 'gated', name: 'Gated', allowed_domains: ['shop.example', '*.wide.example'], agents: [] },
    { business_id: 'closed', name: 'Closed', state: 'close', agents: [] },
    { business_id: 'signed', name: 'Signed', identity_secret: 'identity-secret', agents: [] },
  ],
};

let stack: Stack;
let anybody: HttpCaller;
let alice: SignedInAgent;
let bob: SignedInAgent;

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  anybody = httpCaller(stack.webUrl);
  alice = await onLine(stack.webUrl, 'alice', PASSWORD);
  bob = await onLine(stack.webUrl, 'bob', PASSWORD);
});

afterAll(async () => {
  alice.leave();
  bob.leave();
  await stack.stop();
});

const visit = (businessId: string, more: object = {}) => visitAt(stack.webUrl, businessId, more);

describe('public settings', () => {
  it('A12: GET /config tells a browser what it needs, and may be kept', async () => {
    const { status, body, headers } = await anybody.get<ApiConfig>('/api/v1/config?business_id=acme');
    expect(status).toBe(200);
    expect(body.pusher).toMatchObject({ key: stack.app.key, scheme: 'http', encrypted: false });
    expect(body.business).toMatchObject({
      businessId: 'acme',
      name: 'Acme',
      state: 'open',
      online: true,
      greeting: '您好',
    });
    expect(headers.get('cache-control')).toContain('max-age=');
  });

  it('A12: an unknown business is 404, a missing one 422', async () => {
    expectProblem(await anybody.get('/api/v1/config?business_id=nobody'), 404, 'not_found');
    expectProblem(await anybody.get('/api/v1/config'), 422, 'invalid');
    expectProblem(await anybody.get('/api/v1/config?business_id=a&business_id=b'), 422, 'invalid');
    expectProblem(await anybody.get('/api/v1/config?business_id=%00'), 422, 'invalid');
  });
});

describe('a visitor begins', () => {
  it('A13: what is written while nobody is there waits, and says no place in a line that nobody serves', async () => {
    const { session, calls, conversationId } = await visit('night');
    expect(session.state).toBe('offline');
    expect((await say(calls, conversationId, 'for the morning')).status).toBe(201);
    const again = { businessId: 'night', visitorId: session.visitorId, token: session.token };
    for (const passive of [true, false]) {
      const answer = await anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { ...again, passive });
      expect(answer.body).toMatchObject({
        state: 'offline',
        place: null,
        conversation: { state: 'waiting', lastSeq: 1 },
      });
    }
  });

  it('A13: assigned to the agent who is there', async () => {
    const { session } = await visit('acme', { name: 'Lori' });
    expect(session).toMatchObject({
      state: 'assigned',
      name: 'Lori',
      agent: { id: alice.me.id, name: 'alice', online: true },
      greeting: '您好',
      conversation: { state: 'open' },
      channels: { agent: `private-se${alice.me.id}` },
    });
    expect(session.visitorId).toMatch(/^w-[0-9a-f]{32}$/);
    expect(session.channels.own).toBe(`private-cu${Buffer.from(`${session.visitorId}/acme`).toString('hex')}`);
  });

  it('A13: waiting under the rule claim, in the order of arrival', async () => {
    const first = await visit('line');
    const second = await visit('line');
    expect(first.session).toMatchObject({ state: 'waiting', agent: null, conversation: { state: 'waiting' } });
    expect((second.session.place ?? 0) - (first.session.place ?? 0)).toBe(1);
  });

  it('A13: with nobody there the message is stored and waits', async () => {
    const { session, calls, conversationId } = await visit('night');
    expect(session).toMatchObject({ state: 'offline', agent: null, offlineText: '客服不在线' });
    expect((await say(calls, conversationId, 'anybody?')).status).toBe(201);
    expect(textsOf(await messagesOf(calls, conversationId))).toEqual(['anybody?']);
  });

  it('A14: the token comes back to who proves the id, and the id is nobody else’s', async () => {
    const { session } = await visit('acme');
    const { visitorId, token } = session;
    const proved = await visit('acme', { visitorId, token });
    expect(proved.session).toMatchObject({ visitorId, token, userId: session.userId });
    const post = (body: object) => anybody.json('POST', '/api/v1/visitor-session', { businessId: 'acme', ...body });
    expectProblem(await post({ visitorId }), 401, 'token_required');
    expectProblem(await post({ visitorId, token: 'wrong' }), 401, 'unauthorized');
    expectProblem(await post({ visitorId: 'somebody', token }), 401, 'unauthorized');
    expectProblem(await post({ visitorId, hash: '00' }), 401, 'unauthorized');
    expectProblem(
      await anybody.json('POST', '/api/v1/visitor-session', { businessId: 'line', visitorId, token }),
      401,
      'unauthorized',
    );
  });

  it('A14: a site’s signature proves an id, a wrong one does not', async () => {
    const hash = createHmac('sha256', 'identity-secret').update('customer-1').digest('hex');
    const post = (fields: object) =>
      anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { businessId: 'signed', ...fields });
    const first = await post({ visitorId: 'customer-1', hash });
    expect(first.body).toMatchObject({ visitorId: 'customer-1' });
    expect((await post({ visitorId: 'customer-1', hash })).body.userId).toBe(first.body.userId);
    expectProblem(await post({ visitorId: 'customer-2', hash }), 401, 'unauthorized');
    expectProblem(await post({ visitorId: 'customer-1' }), 401, 'token_required');
  });

  it('A15: a passive call looks and changes nothing', async () => {
    const passive = { businessId: 'acme', passive: true };
    expectProblem(
      await anybody.json('POST', '/api/v1/visitor-session', { ...passive, visitorId: 'unknown' }),
      404,
      'not_found',
    );
    const { session, calls, conversationId } = await visit('acme');
    const { visitorId, token } = session;
    const again = () =>
      anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { ...passive, visitorId, token });
    expect((await again()).body).toMatchObject({ state: 'assigned', conversation: { id: conversationId } });
    await calls.json('POST', `/api/v1/conversations/${conversationId}/close`);
    expect((await again()).body).toMatchObject({ state: 'idle', agent: null, conversation: { state: 'closed' } });
  });

  it('A16: a closed business takes nobody', async () => {
    expectProblem(
      await anybody.json('POST', '/api/v1/visitor-session', { businessId: 'closed' }),
      403,
      'business_closed',
    );
  });
});

describe('how to reach a visitor', () => {
  const customer = async (conversationId: number) =>
    (await alice.calls.get<ApiConversation>(`/api/v1/conversations/${conversationId}`)).body.customer;

  it('A65, A66: agents see what was said last; what is not said, and a passive call, change nothing', async () => {
    const { session, conversationId } = await visit('acme', { email: ' ann@example.com ' });
    expect(await customer(conversationId)).toMatchObject({ email: 'ann@example.com', phone: '' });
    const { visitorId, token } = session;
    await visit('acme', { visitorId, token, phone: '+86 138 0000 0000', email: '' });
    await visit('acme', { visitorId, token, passive: true, email: 'passive@example.com' });
    const seen = await customer(conversationId);
    expect(seen).toMatchObject({ email: 'ann@example.com', phone: '+86 138 0000 0000' });
    const { body } = await alice.calls.get<ApiPage<ApiConversation>>('/api/v1/conversations');
    expect(body.items.find(({ id }) => id === conversationId)?.customer).toEqual(seen);
    expect(JSON.stringify(session)).not.toContain('ann@example.com');
  });

  it.each([
    { email: 'nobody' },
    { email: 'a b@example.com' },
    { email: `${'a'.repeat(250)}@b.cn` },
    { phone: 'call me' },
    { phone: '1'.repeat(33) },
    { email: null },
  ])('A65: %j is refused', async (fields) => {
    const request = { businessId: 'acme', ...fields };
    expectProblem(await anybody.json('POST', '/api/v1/visitor-session', request), 422, 'invalid');
  });
});

describe('the launcher’s settings', () => {
  const script = (slug: string) => anybody.get<string>(`/api/v1/config.js?business_id=${slug}`);

  it('A67: come as a script that hands them to the loader which asked, and holds nothing else', async () => {
    const { status, headers, body } = await script('gated');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/javascript');
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const told: unknown[] = [];
    const run = (window: object) => void runInNewContext(body, { window, ...window });
    run({ OpenKefu: { configure: (...words: unknown[]) => told.push(...words) } });
    expect(told).toEqual([
      'gated',
      {
        accent: '#2F6BFF',
        position: 'right',
        title: '',
        launcherText: '',
        avatar: '',
        consent: 'auto',
        proactive: [],
        media: true,
      },
    ]);
    expect(() => run({})).not.toThrow();
  });

  it('A67: an unknown business is 404, a missing one 422', async () => {
    expectProblem(await script('nobody'), 404, 'not_found');
    expectProblem(await anybody.get('/api/v1/config.js'), 422, 'invalid');
  });
});

describe('other sites', () => {
  const from = (origin: string) => anybody.with({ Origin: origin });
  const begin = (caller: HttpCaller, businessId: string) =>
    caller.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { businessId });

  it('A10: a business that lists no domain answers any site, without credentials', async () => {
    const { status, headers } = await begin(from('https://any.example'), 'acme');
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('https://any.example');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toContain('Origin');
  });

  it('A10: one that lists some answers those and our own pages', async () => {
    for (const origin of ['https://shop.example', 'https://a.wide.example', stack.webUrl]) {
      expect((await begin(from(origin), 'gated')).status).toBe(200);
    }
    const refused = await begin(from('https://evil.example'), 'gated');
    expectProblem(refused, 403, 'forbidden');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect((await begin(anybody, 'gated')).status).toBe(200);
  });

  it('A10: a stolen token is no use on another site', async () => {
    const { body } = await begin(from('https://shop.example'), 'gated');
    const path = `/api/v1/conversations/${body.conversation?.id}/messages`;
    const bearer = { Authorization: `Bearer ${body.token}` };
    expectProblem(await from('https://evil.example').with(bearer).get(path), 403, 'forbidden');
    expect((await from('https://shop.example').with(bearer).get(path)).status).toBe(200);
  });

  it('A10: preflights are answered and may be kept for a day; agents’ calls have none', async () => {
    const preflight = async (path: string) => {
      const headers = { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' };
      return anybody.with(headers).json('OPTIONS', path);
    };
    const visitors = await preflight('/api/v1/conversations/1/messages');
    expect(visitors.status).toBe(204);
    expect(visitors.headers.get('access-control-max-age')).toBe('86400');
    expect(visitors.headers.get('access-control-allow-headers')).toContain('Authorization');
    for (const path of ['/api/v1/session', '/api/v1/me', '/api/v1/conversations', '/api/v1/conversations/1/claim']) {
      expect((await preflight(path)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
