import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectProblem, messagesOf, say, visit as visitAt, type Visit } from '../../../../test-support/api-visit.ts';
import { eventually, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { listenTo, type Heard } from '../../../../test-support/listen-to.ts';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { openDatabase, type Database } from '../../db/knex.ts';
import type {
  ApiColleague,
  ApiConversation,
  ApiPage,
  ApiVisitorConversation,
  ApiVisitorSession,
  DeliveredRequest,
  RatingRequest,
  TransferRequest,
} from './wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string, more: object = {}) => ({
  user_name,
  nick_name: `${user_name}-nick`,
  password: PASSWORD,
  max_conversations: 500,
  ...more,
});
const bootstrap = {
  businesses: [
    {
      business_id: 'acme',
      locale: 'en',
      timezone: 'America/New_York',
      agents: [
        agent('alice'),
        agent('tiny', { max_conversations: 0 }),
        agent('gone'),
        agent('mia', { level: 'manager' }),
      ],
    },
    { business_id: 'line', distribution_rule: 'claim', agents: [agent('bob'), agent('carol')] },
  ],
};

let stack: Stack;
let db: Database;
let alice: SignedInAgent;
let tiny: SignedInAgent;
let bob: SignedInAgent;
const stops: (() => void)[] = [];

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  db = openDatabase(stack.databaseUrl);
  alice = await onLine(stack.webUrl, 'alice', PASSWORD);
  tiny = await onLine(stack.webUrl, 'tiny', PASSWORD);
  bob = await onLine(stack.webUrl, 'bob', PASSWORD);
});

afterAll(async () => {
  for (const stop of stops) stop();
  for (const signedIn of [alice, tiny, bob]) signedIn.leave();
  await db.destroy();
  await stack.stop();
});

const visit = (businessId: string, more: object = {}) => visitAt(stack.webUrl, businessId, more);
const post = <Body>(calls: HttpCaller, id: number, call: string, body?: object) =>
  calls.json<Body>('POST', `/api/v1/conversations/${id}/${call}`, body);
const seen = <Body = ApiConversation>(calls: HttpCaller, id: number) => calls.get<Body>(`/api/v1/conversations/${id}`);

async function heardBy({ calls }: { calls: HttpCaller }, channelName: string): Promise<Heard> {
  const { heard, stop } = await listenTo(stack, calls, channelName);
  stops.push(stop);
  return heard;
}

const until = (heard: Heard, name: string, data: object) =>
  eventually(
    () => Promise.resolve(heard),
    (all) => all.some(([event, got]) => event === name && JSON.stringify(got) === JSON.stringify(data)),
  );

it('A50: how far each side has got the messages, told and shown to the other', async () => {
  const guest = await visit('acme');
  const id = guest.conversationId;
  // The notice that she is here is nothing that somebody said.
  expect(guest.session).toMatchObject({ deliveredSeq: 1, conversation: { agentDeliveredSeq: 1 } });
  const heard = await heardBy(guest, guest.session.channels.own);
  const agentHeard = await heardBy(alice, alice.me.channels.own);
  const { seq } = (await say(guest.calls, id, 'hello')).body;

  expect((await post(alice.calls, id, 'delivered', { seq } satisfies DeliveredRequest)).body).toEqual({
    deliveredSeq: seq,
  });
  expect((await post(alice.calls, id, 'delivered', { seq: 1 })).body).toEqual({ deliveredSeq: seq });
  expect((await post(alice.calls, id, 'delivered', { seq: 2_000_000_000 })).body).toEqual({ deliveredSeq: seq });
  await until(heard, 'delivered', { conversationId: id, userId: alice.me.id, role: 'agent', deliveredSeq: seq });
  expect(heard.filter(([name]) => name === 'delivered')).toHaveLength(1);
  const session = { businessId: 'acme', visitorId: guest.session.visitorId, token: guest.session.token };
  const again = await guest.calls.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', session);
  expect(again.body).toMatchObject({ deliveredSeq: seq, conversation: { agentDeliveredSeq: seq, agentReadSeq: 1 } });

  const answer = (await say(alice.calls, id, 'hi')).body.seq;
  expect((await post(guest.calls, id, 'delivered', { seq: answer })).body).toEqual({ deliveredSeq: answer });
  const data = { conversationId: id, userId: guest.session.userId, role: 'customer', deliveredSeq: answer };
  await until(agentHeard, 'delivered', data);
  expect((await seen(alice.calls, id)).body).toMatchObject({ customerDeliveredSeq: answer, customerReadSeq: seq });

  for (const seqs of [-1, 1.5, 'x', 2 ** 31]) {
    expectProblem(await post(guest.calls, id, 'delivered', { seq: seqs }), 422, 'invalid');
  }
  const stranger = await visit('acme');
  expectProblem(await post(stranger.calls, id, 'delivered', { seq: 1 }), 404, 'not_found');
});

it('A51: given to an agent or a team, or refused and unchanged', async () => {
  const { conversationId: id, calls } = await visit('acme');
  const own = await seen(alice.calls, id);
  const owner = own.body.agent?.id;
  const mia = await signIn(stack.webUrl, 'mia', PASSWORD);
  const gone = await signIn(stack.webUrl, 'gone', PASSWORD);
  expect(owner).toBe(alice.me.id);
  for (const body of [{}, { agentId: 1, teamNumber: 0 }, { agentId: 0 }, { agentId: 'x' }, { teamNumber: -1 }]) {
    expectProblem(await post(alice.calls, id, 'transfer', body), 422, 'invalid');
  }
  const refusals: [SignedInAgent, object, number, string][] = [
    [alice, { agentId: gone.me.id }, 409, 'conflict'],
    [alice, { agentId: tiny.me.id }, 409, 'over_capacity'],
    [alice, { agentId: bob.me.id }, 404, 'not_found'],
    [alice, { agentId: 2 ** 50 }, 404, 'not_found'],
    [alice, { teamNumber: 999 }, 404, 'not_found'],
    [tiny, { agentId: alice.me.id }, 403, 'not_your_conversation'],
    [bob, { agentId: bob.me.id }, 404, 'not_found'],
  ];
  for (const [who, to, status, code] of refusals)
    expectProblem(await post(who.calls, id, 'transfer', to), status, code);
  expectProblem(await post(calls, id, 'transfer', { agentId: alice.me.id }), 403, 'forbidden');
  expect((await seen(alice.calls, id)).body).toEqual(own.body);

  const toTeam = await post<ApiConversation>(mia.calls, id, 'transfer', { teamNumber: 0 } satisfies TransferRequest);
  expect(toTeam).toMatchObject({ status: 200, body: { id, state: 'waiting', agent: null } });
  expectProblem(await post(alice.calls, id, 'transfer', { teamNumber: 0 }), 403, 'not_your_conversation');
  await post(alice.calls, id, 'claim');

  const { conversationId } = await visit('line');
  await post(bob.calls, conversationId, 'claim');
  expectProblem(await post(bob.calls, conversationId, 'transfer', { teamNumber: 0 }), 409, 'conflict');
});

it('A52: the agents of the business and no others', async () => {
  const { status, body } = await alice.calls.get<ApiPage<ApiColleague>>('/api/v1/agents');
  expect({ status, names: body.items.map(({ name }) => name) }).toEqual({
    status: 200,
    names: ['alice-nick', 'tiny-nick', 'gone-nick', 'mia-nick'],
  });
  expect(body.items[1]).toEqual({
    id: tiny.me.id,
    name: 'tiny-nick',
    avatar: tiny.me.avatar,
    online: true,
    level: 'service',
    status: 'online',
    load: 0,
    maxConversations: 0,
  });
  expectProblem(await (await visit('acme')).calls.get('/api/v1/agents'), 403, 'forbidden');
});

it('A53, A54: closed, taken up again, black-listed, and served again', async () => {
  const { conversationId: id, calls } = await visit('acme');
  await say(calls, id, 'x');
  await post(alice.calls, id, 'close');
  expect(await post(alice.calls, id, 'reopen')).toMatchObject({
    status: 200,
    body: { state: 'open', blacklisted: false },
  });
  expectProblem(await post(tiny.calls, id, 'reopen'), 409, 'already_claimed');
  expectProblem(await post(bob.calls, id, 'reopen'), 404, 'not_found');
  expectProblem(await post(calls, id, 'reopen'), 403, 'forbidden');

  const path = `/api/v1/conversations/${id}/blacklist`;
  for (const who of [calls, bob.calls]) {
    const { status } = await who.json('PUT', path);
    expect([403, 404]).toContain(status);
  }
  for (let time = 0; time < 2; time += 1) expect((await alice.calls.json('PUT', path)).status).toBe(204);
  expect((await seen(alice.calls, id)).body).toMatchObject({ state: 'closed', blacklisted: true });
  expectProblem(await say(calls, id, 'hello?'), 403, 'blacklisted');
  expectProblem(await post(alice.calls, id, 'reopen'), 403, 'blacklisted');
  for (let time = 0; time < 2; time += 1) expect((await alice.calls.json('DELETE', path)).status).toBe(204);
  expect(await say(calls, id, 'thank you')).toMatchObject({ status: 201 });
  expect((await seen(alice.calls, id)).body).toMatchObject({ state: 'open', blacklisted: false, unread: 1 });
});

it('A55, A56: asked for once, given, changed, told to the agent', async () => {
  const { conversationId: id, calls } = await visit('acme');
  const heard = await heardBy(alice, alice.me.channels.own);
  for (let time = 0; time < 2; time += 1) {
    expect((await post(alice.calls, id, 'rating-request')).status).toBe(204);
  }
  expectProblem(await post(tiny.calls, id, 'rating-request'), 403, 'not_your_conversation');
  expectProblem(await post(calls, id, 'rating-request'), 403, 'forbidden');
  expectProblem(await post(alice.calls, id, 'rating', { score: 5 }), 403, 'forbidden');
  for (const body of [{}, { score: 0 }, { score: 6 }, { score: 4.5 }, { score: 3, comment: 'x'.repeat(1001) }]) {
    expectProblem(await post(calls, id, 'rating', body), 422, 'invalid');
  }
  await post(alice.calls, id, 'close');
  const rating: RatingRequest = { score: 2, comment: 'slow' };
  expect((await post(calls, id, 'rating', rating)).status).toBe(204);
  await until(heard, 'rating', { conversationId: id, score: 2 });
  expect((await post(calls, id, 'rating', { score: 4 })).status).toBe(204);
  await until(heard, 'rating', { conversationId: id, score: 4 });
  expect((await seen(alice.calls, id)).body).toMatchObject({ rating: 4, state: 'closed', unread: 0 });
  const notices = (await messagesOf(calls, id)).flatMap(({ body }) => (body.type === 'system' ? [body.content] : []));
  expect(notices.slice(1)).toEqual([
    { notice: 'rating_requested' },
    { notice: 'closed', by: 'agent' },
    { notice: 'rated', score: 2 },
    { notice: 'rated', score: 4 },
  ]);
  await db('ratings').update({ closed_for_change_at: db.raw('now()') });
  expectProblem(await post(calls, id, 'rating', { score: 1 }), 409, 'conflict');
});

it('A57: a transcript to keep, for both sides, in which markup is text', async () => {
  const { conversationId: id, calls } = await visit('acme', { name: 'Ann <i>' });
  await say(calls, id, '<script>alert(1)</script> & "so"');
  await db('messages').where({ conversation_id: id, seq: 2 }).update({ created_at: '2026-11-01T05:30:00Z' });
  const path = `/api/v1/conversations/${id}/transcript`;
  for (const who of [calls, alice.calls]) {
    const text = await who.get<string>(path);
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text.headers.get('content-disposition')).toBe(`attachment; filename="conversation-${id}.txt"`);
    expect(text.body).toContain('[2026-11-01 01:30:00] Ann <i>: <script>alert(1)</script> & "so"\n');
    expect(text.body).toContain('System: alice-nick joined\n');
    const html = await who.get<string>(`${path}?format=html`);
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html.headers.get('content-disposition')).toMatch(/^attachment; .*\.html"$/);
    expect(html.body).toContain('<b>Ann &lt;i&gt;</b> &lt;script&gt;alert(1)&lt;/script&gt; &amp; "so"</p>');
    expect(html.body).not.toContain('<script');
  }
  expectProblem(await calls.get(`${path}?format=pdf`), 422, 'invalid');
  expectProblem(await (await visit('acme')).calls.get(path), 404, 'not_found');
  expectProblem(await bob.calls.get(path), 404, 'not_found');
});

it('A58: how long it may take, from the waits before', async () => {
  await db('requests').where({ status: 1 }).update({ status: 7 });
  const first = await visit('line');
  expect(first.session).toMatchObject({ state: 'waiting', estimateS: null });
  await post(bob.calls, first.conversationId, 'claim');
  await db('requests')
    .where({ conversation_id: first.conversationId })
    .update({ created_at: db.raw("ended_at - interval '90 seconds'") });
  const second = await visit('line');
  expect(second.session.place).not.toBeNull();
  expect(second.session.estimateS).toBeGreaterThan(0);
  expect(second.session.estimateS).toBeLessThanOrEqual(90);
  expect((await visit('acme')).session.estimateS).toBeNull();
});

it('A59: under the rule claim, who was told that nobody is there hears when somebody comes', async () => {
  const line = { businessId: 'line' };
  const waiting = async ({ session, calls }: Visit) => {
    const who = { ...line, visitorId: session.visitorId, token: session.token, passive: true };
    return (await calls.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', who)).body;
  };
  const guest = await visit('line');
  const heard = await heardBy(guest, guest.session.channels.own);
  expect((await bob.calls.json('PUT', '/api/v1/me/status', { status: 'offline' })).status).toBe(200);
  expect(await waiting(guest)).toMatchObject({ state: 'offline', place: null, estimateS: null });
  expect((await bob.calls.json('PUT', '/api/v1/me/status', { status: 'online' })).status).toBe(200);
  const { place } = await waiting(guest);
  expect(place).toBeGreaterThan(0);
  await until(heard, 'place', { place });

  await bob.calls.json('PUT', '/api/v1/me/status', { status: 'offline' });
  const before = heard.length;
  const carol = await onLine(stack.webUrl, 'carol', PASSWORD);
  await eventually(
    () => Promise.resolve(heard.slice(before)),
    (later) => later.some(([name]) => name === 'place'),
  );
  carol.leave();
  expect((await seen<ApiVisitorConversation>(guest.calls, guest.conversationId)).body).toMatchObject({
    state: 'waiting',
  });
});
