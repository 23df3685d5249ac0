import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, messagesOf, say, textsOf, visit as visitAt } from '../../../../test-support/api-visit.ts';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { onLine, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type { ApiConversation, ApiCounts, ApiPage, ApiVisitorConversation } from './wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string) => ({ user_name, nick_name: user_name, password: PASSWORD, max_conversations: 500 });

const bootstrap = {
  businesses: [
    { business_id: 'acme', distribution_rule: 'auto', agents: [agent('alice')] },
    { business_id: 'line', distribution_rule: 'claim', agents: [agent('bob'), agent('carol')] },
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

const visit = (businessId: string, more: object = {}) => visitAt(stack.webUrl, businessId, more);

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
      agentReadSeq: answered.body.seq,
      agentDeliveredSeq: answered.body.seq,
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

  it('A7: the token may come as a parameter', async () => {
    const { session, conversationId } = await visit('acme');
    const path = `/api/v1/conversations/${conversationId}`;
    expect((await anybody.get(`${path}?visitor_token=${session.token}`)).status).toBe(200);
    const message = { clientId: 'c', type: 'text', content: { text: 'hello' }, visitor_token: session.token };
    expect((await anybody.json('POST', `${path}/messages`, message)).status).toBe(201);
    expectProblem(await anybody.get(`${path}?visitor_token=nobody`), 401, 'unauthorized');
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
