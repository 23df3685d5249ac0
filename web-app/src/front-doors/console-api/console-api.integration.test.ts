import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type {
  ApiConfig,
  ApiConversation,
  ApiCounts,
  ApiMe,
  ApiMessage,
  ApiPage,
  ApiProblem,
  ApiVisitorConversation,
  ApiVisitorSession,
} from './wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string) => ({ user_name, nick_name: user_name, password: PASSWORD, max_conversations: 500 });

const bootstrap = {
  businesses: [
    { business_id: 'acme', name: 'Acme', distribution_rule: 'auto', greeting: '您好', agents: [agent('alice')] },
    { business_id: 'line', name: 'Line', distribution_rule: 'claim', agents: [agent('bob'), agent('carol')] },
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
let carol: SignedInAgent;

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  anybody = httpCaller(stack.webUrl);
  alice = await onLine(stack.webUrl, 'alice', PASSWORD);
  bob = await onLine(stack.webUrl, 'bob', PASSWORD);
  carol = await onLine(stack.webUrl, 'carol', PASSWORD);
});

afterAll(async () => {
  for (const signedIn of [alice, bob, carol]) signedIn.leave();
  await stack.stop();
});

interface Visiting {
  session: ApiVisitorSession;
  calls: HttpCaller;
  conversationId: number;
}

async function visit(businessId: string, more: object = {}): Promise<Visiting> {
  const { status, body } = await anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', {
    businessId,
    page: 'https://shop.example/cart',
    ...more,
  });
  expect(status).toBe(200);
  if (body.conversation === null || body.token === null) throw new Error(JSON.stringify(body));
  const calls = httpCaller(stack.webUrl, { Authorization: `Bearer ${body.token}` });
  return { session: body, calls, conversationId: body.conversation.id };
}

const say = (calls: HttpCaller, conversationId: number, text: string, clientId: string = randomUUID()) =>
  calls.json<ApiMessage>('POST', `/api/v1/conversations/${conversationId}/messages`, {
    clientId,
    type: 'text',
    content: { text },
  });

const messagesOf = async (calls: HttpCaller, conversationId: number, query = '') =>
  (await calls.get<ApiPage<ApiMessage>>(`/api/v1/conversations/${conversationId}/messages${query}`)).body.items;

const textsOf = (messages: ApiMessage[]) =>
  messages.flatMap(({ body }) => (body.type === 'text' ? [body.content.text] : []));

function expectProblem(answer: { status: number; headers: Headers; body: unknown }, status: number, code: string) {
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
}

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
    const { createHmac } = await import('node:crypto');
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

describe('an agent signs in', () => {
  it('A17: a wrong name and a wrong password are the same', async () => {
    const wrong = (body: object) => anybody.json<ApiProblem>('POST', '/api/v1/session', body);
    const name = await wrong({ userName: 'nobody-here', password: PASSWORD });
    const password = await wrong({ userName: 'alice', password: 'wrong' });
    expectProblem(name, 401, 'unauthorized');
    expect(password.body).toEqual(name.body);
    expect(name.headers.getSetCookie()).toEqual([]);
  });

  it('A17: signing out ends the session', async () => {
    const { calls } = await signIn(stack.webUrl, 'alice', PASSWORD);
    expect((await calls.get('/api/v1/me')).status).toBe(200);
    expect((await calls.json('DELETE', '/api/v1/session')).status).toBe(204);
    expectProblem(await calls.get('/api/v1/me'), 401, 'unauthorized');
  });

  it('A18: the status is the agent’s own choice', async () => {
    const { calls } = await signIn(stack.webUrl, 'dave', PASSWORD);
    const set = await calls.json<ApiMe>('PUT', '/api/v1/me/status', { status: 'busy' });
    expect(set).toMatchObject({ status: 200, body: { userName: 'dave', status: 'busy', online: false } });
    expect((await calls.get<ApiMe>('/api/v1/me')).body.status).toBe('busy');
    expectProblem(await calls.json('PUT', '/api/v1/me/status', { status: 'asleep' }), 422, 'invalid');
  });

  it('A6: what changes something needs the CSRF token, and no foreign Origin', async () => {
    const { cookie, calls } = await signIn(stack.webUrl, 'alice', PASSWORD);
    const cookieOnly = httpCaller(stack.webUrl, { Cookie: cookie });
    const put = (caller: HttpCaller) => caller.json('PUT', '/api/v1/me/status', { status: 'online' });
    expectProblem(await put(cookieOnly), 403, 'forbidden');
    expectProblem(await put(cookieOnly.with({ 'X-CSRF-Token': 'x'.repeat(43) })), 403, 'forbidden');
    expectProblem(await put(calls.with({ Origin: 'https://evil.example' })), 403, 'forbidden');
    expect((await put(calls.with({ Origin: stack.webUrl }))).status).toBe(200);
    const credentials = { userName: 'alice', password: PASSWORD };
    expectProblem(
      await anybody.with({ Origin: 'https://evil.example' }).json('POST', '/api/v1/session', credentials),
      403,
      'forbidden',
    );
  });
});

describe('a conversation', () => {
  it('A20–A25: from the first word to the close, as both sides see it', async () => {
    const { session, calls, conversationId } = await visit('acme', { name: 'Ann' });
    const own = `/api/v1/conversations/${conversationId}`;

    const sent = await say(calls, conversationId, 'hello');
    expect(sent).toMatchObject({
      status: 201,
      body: {
        conversationId,
        senderRole: 'customer',
        senderName: 'Ann',
        body: { type: 'text', content: { text: 'hello' } },
      },
    });
    const row = await alice.calls.get<ApiConversation>(own);
    expect(row.body).toMatchObject({
      id: conversationId,
      state: 'open',
      customer: { id: session.userId, name: 'Ann', page: 'https://shop.example/cart', visitorId: session.visitorId },
      agent: { id: alice.me.id },
      lastMessage: { id: sent.body.id, senderName: 'Ann' },
    });
    expect(row.body.unread).toBeGreaterThan(0);

    const read = await alice.calls.json('POST', `${own}/read`, { seq: row.body.lastSeq });
    expect(read.body).toEqual({ readSeq: row.body.lastSeq });
    expect((await alice.calls.json('POST', `${own}/read`, { seq: 0 })).body).toEqual({ readSeq: row.body.lastSeq });
    expect((await alice.calls.get<ApiConversation>(own)).body.unread).toBe(0);

    const answered = await say(alice.calls, conversationId, 'good day');
    expect(answered.body).toMatchObject({ senderRole: 'agent', senderName: 'alice', seq: sent.body.seq + 1 });
    const seen = await calls.get<ApiVisitorConversation>(own);
    expect(seen.body).toEqual({
      id: conversationId,
      state: 'open',
      lastSeq: answered.body.seq,
      readSeq: sent.body.seq,
    });

    const closed = await alice.calls.json<ApiConversation>('POST', `${own}/close`);
    expect(closed).toMatchObject({ status: 200, body: { state: 'closed', agent: null } });
    expect((await alice.calls.json('POST', `${own}/close`)).status).toBe(200);
    const notices = (await messagesOf(calls, conversationId)).filter(({ body }) => body.type === 'system');
    expect(notices.at(-1)?.body).toEqual({ type: 'system', content: { notice: 'closed', by: 'agent' } });

    await say(calls, conversationId, 'one more thing');
    expect((await alice.calls.get<ApiConversation>(own)).body).toMatchObject({
      state: 'open',
      agent: { id: alice.me.id },
    });
  });

  it('A22: a repeated clientId is the same message', async () => {
    const { calls, conversationId } = await visit('acme');
    const clientId = randomUUID();
    const first = await say(calls, conversationId, 'once', clientId);
    const second = await say(calls, conversationId, 'once', clientId);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(textsOf(await messagesOf(calls, conversationId))).toEqual(['once']);
  });

  it('A22: markup is text, in names and messages', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const text = '<script>alert("1")</script> & "quotes" \'too\' 😀';
    const { session, calls, conversationId } = await visit('acme', { name });
    expect(session.name).toBe(name);
    expect((await say(calls, conversationId, text)).body.body).toEqual({ type: 'text', content: { text } });
    const row = await alice.calls.get<ApiConversation>(`/api/v1/conversations/${conversationId}`);
    expect(row.body).toMatchObject({ customer: { name }, lastMessage: { body: { content: { text } } } });
    expect(textsOf(await messagesOf(alice.calls, conversationId))).toEqual([text]);
  });

  it('A22: text has 1–10,000 characters, and what is refused leaves no trace', async () => {
    const { calls, conversationId } = await visit('acme');
    expectProblem(await say(calls, conversationId, ''), 422, 'empty_message');
    expectProblem(await say(calls, conversationId, ' \n\t '), 422, 'empty_message');
    expectProblem(await say(calls, conversationId, '字'.repeat(10_001)), 422, 'too_long');
    expectProblem(await say(calls, conversationId, 'a\0b'), 422, 'invalid');
    expectProblem(await say(calls, conversationId, '\ud800'), 422, 'invalid');
    expect(textsOf(await messagesOf(calls, conversationId))).toEqual([]);
    expect((await say(calls, conversationId, '字'.repeat(10_000))).status).toBe(201);
  });

  it('A21: messages come after, before, or newest, ascending', async () => {
    const { calls, conversationId } = await visit('acme');
    for (const text of ['1', '2', '3', '4', '5']) await say(calls, conversationId, text);
    const all = await messagesOf(calls, conversationId, '?limit=200');
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    const third = all.find(({ body }) => body.type === 'text' && body.content.text === '3')?.seq ?? 0;
    const texts = async (query: string) => textsOf(await messagesOf(calls, conversationId, query));
    expect(await texts(`?after_seq=${third}`)).toEqual(['4', '5']);
    expect(await texts(`?before_seq=${third}&limit=2`)).toEqual(['1', '2']);
    expect(await texts('?limit=2')).toEqual(['4', '5']);
    expect(await texts('?after_seq=2147483647')).toEqual([]);
    expectProblem(
      await calls.get(`/api/v1/conversations/${conversationId}/messages?after_seq=1&before_seq=3`),
      422,
      'invalid',
    );
  });

  it('A24: fifty claims, one winner', async () => {
    const { conversationId } = await visit('line');
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 ? bob : carol).calls.json('POST', `/api/v1/conversations/${conversationId}/claim`),
      ),
    );
    const winners = claims.filter(({ status }) => status === 200);
    const winner = (winners[0]?.body as unknown as ApiConversation).agent?.id;
    expect(new Set(winners.map(({ body }) => (body as unknown as ApiConversation).agent?.id))).toEqual(
      new Set([winner]),
    );
    for (const { status, body } of claims) {
      if (status !== 200) expect({ status, body }).toMatchObject({ status: 409, body: { code: 'already_claimed' } });
    }
    const loser = winner === bob.me.id ? carol : bob;
    expectProblem(
      await loser.calls.json('POST', `/api/v1/conversations/${conversationId}/claim`),
      409,
      'already_claimed',
    );
  });

  it('A19: lists are pages, and the counts agree', async () => {
    for (let n = 0; n < 3; n += 1) await visit('line');
    const list = async (query: string) =>
      (await bob.calls.get<ApiPage<ApiConversation>>(`/api/v1/conversations?${query}`)).body;
    const queue = await list('view=queue&limit=100');
    const counts = (await bob.calls.get<ApiCounts>('/api/v1/conversations/counts')).body;
    expect(queue.items).toHaveLength(counts.queue);
    expect(queue.items[0]?.waitingSince).toBe(counts.longestWaitSince);

    const seen: number[] = [];
    let after: string | null = '';
    while (after !== null) {
      const page: ApiPage<ApiConversation> = await list(
        `view=queue&limit=2${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    }
    expect(seen).toEqual(queue.items.map(({ id }) => id));
    expectProblem(await bob.calls.get('/api/v1/conversations?after=not-a-cursor'), 422, 'invalid');
  });
});

describe('walls', () => {
  it('A4, A8, A9: every call with what is not the caller’s', async () => {
    const mine = await visit('acme');
    const theirs = await visit('acme');
    const own = `/api/v1/conversations/${mine.conversationId}`;
    const message = { clientId: randomUUID(), type: 'text', content: { text: 'not mine' } };
    const calls: [string, string, object?][] = [
      ['GET', own],
      ['GET', `${own}/messages`],
      ['POST', `${own}/messages`, message],
      ['POST', `${own}/read`, { seq: 1 }],
      ['POST', `${own}/close`],
    ];
    for (const [method, path, body] of calls) {
      expectProblem(await anybody.json(method, path, body), 401, 'unauthorized');
      expectProblem(
        await anybody.with({ Authorization: 'Bearer nobody' }).json(method, path, body),
        401,
        'unauthorized',
      );
      expectProblem(await theirs.calls.json(method, path, body), 404, 'not_found');
      expectProblem(await bob.calls.json(method, path, body), 404, 'not_found');
    }
    expectProblem(await bob.calls.json('POST', `${own}/claim`), 404, 'not_found');
    expect(textsOf(await messagesOf(mine.calls, mine.conversationId))).toEqual([]);

    const agentsOnly: [string, string, object?][] = [
      ['GET', '/api/v1/me'],
      ['PUT', '/api/v1/me/status', { status: 'online' }],
      ['GET', '/api/v1/conversations'],
      ['GET', '/api/v1/conversations/counts'],
      ['POST', `${own}/claim`],
      ['DELETE', '/api/v1/session'],
    ];
    for (const [method, path, body] of agentsOnly) {
      expectProblem(await anybody.json(method, path, body), 401, 'unauthorized');
      expectProblem(await mine.calls.json(method, path, body), 403, 'forbidden');
    }
  });

  it('A7: a token that is nobody’s never falls back to the session', async () => {
    const caller = alice.calls.with({ Authorization: 'Bearer nobody' });
    expectProblem(await caller.get('/api/v1/me'), 401, 'unauthorized');
  });

  it('A22: an agent writes only where they are', async () => {
    const { conversationId } = await visit('line');
    await bob.calls.json('POST', `/api/v1/conversations/${conversationId}/claim`);
    expectProblem(await say(carol.calls, conversationId, 'me too'), 403, 'not_your_conversation');
  });

  it.each(['abc', '0', '-1', '1.5', '01', '99999999999999999999', '%00', '1%20', "1'--"])(
    'A4: the id %s is 404',
    async (id) => {
      for (const [method, tail, body] of [
        ['GET', ''],
        ['GET', '/messages'],
        ['POST', '/messages', { clientId: 'c', type: 'text', content: { text: 'x' } }],
        ['POST', '/read', { seq: 1 }],
        ['POST', '/claim'],
        ['POST', '/close'],
      ] as const) {
        expectProblem(await alice.calls.json(method, `/api/v1/conversations/${id}${tail}`, body), 404, 'not_found');
      }
    },
  );

  it('A4: an id that does not exist is 404', async () => {
    expectProblem(await alice.calls.get('/api/v1/conversations/9007199254740991'), 404, 'not_found');
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

describe('bodies', () => {
  const path = '/api/v1/visitor-session';

  it('A1: JSON that cannot be read', async () => {
    for (const body of ['{', '"text"', 'null', '{"businessId":}', '\u0000']) {
      expectProblem(await anybody.raw('POST', path, 'application/json', body), 400, 'malformed');
    }
  });

  it('A1: another content type', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
    ]) {
      expectProblem(await anybody.raw('POST', path, type, 'businessId=acme'), 415, 'unsupported_media_type');
    }
    expectProblem(
      await anybody.raw('POST', path, 'application/json; charset=klingon', '{}'),
      415,
      'unsupported_media_type',
    );
  });

  it('A1: too large', async () => {
    const body = JSON.stringify({ businessId: 'acme', page: 'x'.repeat(300 * 1024) });
    expectProblem(await anybody.raw('POST', path, 'application/json', body), 413, 'too_large');
  });

  it('A4: a path that does not exist, and one that cannot be decoded', async () => {
    expect((await anybody.get('/api/v1/nothing')).status).toBe(404);
    expectProblem(await alice.calls.get('/api/v1/conversations/%E0%A4%A'), 400, 'malformed');
  });
});
