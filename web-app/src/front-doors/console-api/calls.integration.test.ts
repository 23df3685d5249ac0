import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectProblem, messagesOf, visit as visitAt, type Visit } from '../../../../test-support/api-visit.ts';
import { eventually, httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { listenTo, type Heard } from '../../../../test-support/listen-to.ts';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { openDatabase, type Database } from '../../db/knex.ts';
import type { ApiCall, ApiCallAnswer, ApiRinging, CallRequest } from './wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string, more: object = {}) => ({
  user_name,
  nick_name: user_name,
  password: PASSWORD,
  max_conversations: 500,
  ...more,
});
const ICE_SERVERS = [{ urls: 'turn:turn.example:3478', username: 'u', credential: 'c' }];

let stack: Stack;
let db: Database;
let alice: SignedInAgent;
let quiet: SignedInAgent;
const stops: (() => void)[] = [];

beforeAll(async () => {
  stack = await startStack({
    bootstrap: {
      businesses: [
        { business_id: 'acme', agents: [agent('alice'), agent('boss', { level: 'manager' })] },
        { business_id: 'quiet', video_state: 'close', agents: [agent('quinn')] },
      ],
    },
    webEnv: { ICE_SERVERS: JSON.stringify(ICE_SERVERS), RATE_LIMITS: 'calls=7/60' },
  });
  db = openDatabase(stack.databaseUrl);
  alice = await onLine(stack.webUrl, 'alice', PASSWORD);
  quiet = await onLine(stack.webUrl, 'quinn', PASSWORD);
});

afterAll(async () => {
  for (const stop of stops) stop();
  for (const signedIn of [alice, quiet]) signedIn?.leave();
  await db?.destroy();
  await stack?.stop();
});

const visit = (): Promise<Visit> => visitAt(stack.webUrl, 'acme');
const offer = (calls: HttpCaller, conversationId: number, kind: CallRequest['kind'] = 'video') =>
  calls.json<ApiCall>('POST', `/api/v1/conversations/${conversationId}/calls`, { kind });
const say = <Body = unknown>(calls: HttpCaller, room: string, word: string) =>
  calls.json<Body>('POST', `/api/v1/calls/${room}/${word}`);

async function listen(calls: HttpCaller, channel: string): Promise<Heard> {
  const { heard, stop } = await listenTo(stack, calls, channel);
  stops.push(stop);
  return heard;
}

/** The data of the first event of this name about a room. */
async function about(heard: Heard, name: string, room: string): Promise<unknown> {
  const found = await eventually(
    () => Promise.resolve(heard.find(([event, data]) => event === name && JSON.stringify(data).includes(room))),
    (event) => event !== undefined,
  );
  return found?.[1];
}

it('A60: offering a call rings at the other side; the answer has the room and where to meet', async () => {
  const { calls, session, conversationId } = await visit();
  const ears = await listen(alice.calls, alice.me.channels.own);
  const { status, body } = await offer(calls, conversationId);
  expect({ status, body }).toEqual({
    status: 201,
    body: { room: expect.stringMatching(/^[0-9a-f]{32}$/) as string, iceServers: ICE_SERVERS },
  });
  expect(await about(ears, 'video', body.room)).toEqual({
    message: '申请视频通话',
    channel: session.channels.own.replace('private-cu', ''),
    avatar: '',
    username: session.name,
    cid: body.room,
    room: body.room,
    kind: 'video',
    conversationId,
  });
  expectProblem(await offer(alice.calls, conversationId), 409, 'busy');
  await say(calls, body.room, 'end');

  const there = await visitAt(stack.webUrl, 'quiet');
  expectProblem(await offer(there.calls, there.conversationId), 403, 'forbidden');
  const voice = await offer(there.calls, there.conversationId, 'audio');
  expect(voice.status).toBe(201);
  await there.calls.json('POST', `/api/v1/conversations/${there.conversationId}/close`);
  expectProblem(await offer(there.calls, there.conversationId, 'audio'), 409, 'conflict');
  const malformed = await calls.json('POST', `/api/v1/conversations/${conversationId}/calls`, { kind: 'smoke' });
  expectProblem(malformed, 422, 'invalid');
  expectProblem(await httpCaller(stack.webUrl).json('POST', `/api/v1/calls/${body.room}/end`), 401, 'unauthorized');
});

it('A61: one of the callee’s tabs gets the call, the others hear that it was taken', async () => {
  const { calls, session, conversationId } = await visit();
  const { room } = (await offer(alice.calls, conversationId, 'audio')).body;
  const tab = await listen(calls, session.channels.own);
  const caller = await listen(alice.calls, alice.me.channels.own);
  const answers = await Promise.all([1, 2, 3].map(() => say<ApiCallAnswer>(calls, room, 'accept')));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  expect(answers.find(({ status }) => status === 200)?.body).toEqual({ iceServers: ICE_SERVERS });
  for (const refused of answers.filter(({ status }) => status !== 200)) expectProblem(refused, 409, 'already_claimed');
  for (const heard of [tab, caller]) {
    expect(await about(heard, 'video-accept', room)).toEqual({ message: { room, conversationId } });
  }
  await say(calls, room, 'end');
  expectProblem(await say(calls, room, 'accept'), 409, 'conflict');
});

it('A62: refusing, withdrawing and hanging up are told to both sides, and once', async () => {
  const { calls, session, conversationId } = await visit();
  const ears = [await listen(calls, session.channels.own), await listen(alice.calls, alice.me.channels.own)];
  const ends = async (room: string, who: HttpCaller, word: string, reason: string) => {
    expect((await say(who, room, word)).status).toBe(204);
    expect((await say(who, room, word)).status).toBe(204);
    for (const heard of ears) {
      expect(await about(heard, 'video-refuse', room)).toEqual({ message: { room, conversationId, reason } });
    }
  };
  const first = (await offer(calls, conversationId)).body.room;
  await ends(first, alice.calls, 'refuse', 'refused');
  const second = (await offer(calls, conversationId)).body.room;
  await ends(second, calls, 'end', 'missed');
  const third = (await offer(calls, conversationId)).body.room;
  await say(alice.calls, third, 'accept');
  await ends(third, alice.calls, 'end', 'ended');
  const outcomes = (await messagesOf(calls, conversationId)).flatMap(({ body }) =>
    body.type === 'call' ? [body.content.outcome] : [],
  );
  expect(outcomes).toEqual(['refused', 'missed', 'ended']);
});

it('A62: what rings for 45 s is missed, and a closed conversation has no call', async () => {
  const { calls, session, conversationId } = await visit();
  const heard = await listen(calls, session.channels.own);
  const { room } = (await offer(calls, conversationId)).body;
  await db('calls')
    .where({ room })
    .update({ due_at: db.raw('now()') });
  expect(await about(heard, 'video-refuse', room)).toMatchObject({ message: { reason: 'missed' } });
  const second = (await offer(calls, conversationId)).body.room;
  await say(alice.calls, second, 'accept');
  await alice.calls.json('POST', `/api/v1/conversations/${conversationId}/close`);
  expect(await about(heard, 'video-refuse', second)).toMatchObject({ message: { reason: 'ended' } });
});

it('A63: a page that comes later finds what rings at its side', async () => {
  const { calls, conversationId } = await visit();
  const ringing = async (who: HttpCaller) => (await who.get<ApiRinging>('/api/v1/calls/ringing')).body;
  const { room } = (await offer(alice.calls, conversationId, 'audio')).body;
  const call = { room, conversationId, kind: 'audio', name: 'alice', avatar: '' };
  expect(await ringing(calls)).toEqual({ call });
  expect(await ringing(alice.calls)).toEqual({ call: null });
  expect(await ringing((await visit()).calls)).toEqual({ call: null });
  await say(calls, room, 'refuse');
  expect(await ringing(calls)).toEqual({ call: null });
});

it('A63: a call goes on as long as a side says so', async () => {
  const { calls, session, conversationId } = await visit();
  const heard = await listen(calls, session.channels.own);
  const { room } = (await offer(calls, conversationId, 'audio')).body;
  expectProblem(await say(calls, room, 'alive'), 409, 'conflict');
  await say(alice.calls, room, 'accept');
  expect((await say(calls, room, 'alive')).status).toBe(204);
  await db('calls')
    .where({ room })
    .update({ due_at: db.raw('now()') });
  expect(await about(heard, 'video-refuse', room)).toMatchObject({ message: { reason: 'ended' } });
  expectProblem(await say(alice.calls, room, 'alive'), 409, 'conflict');
});

it('A64: to anybody but its two sides a call is not there; its record has the caller and the server’s seconds', async () => {
  const { calls, session, conversationId } = await visit();
  const stranger = await visit();
  const boss = await signIn(stack.webUrl, 'boss', PASSWORD);
  const { room } = (await offer(calls, conversationId)).body;
  for (const who of [stranger.calls, boss.calls, quiet.calls]) {
    for (const word of ['accept', 'refuse', 'end', 'alive'])
      expectProblem(await say(who, room, word), 404, 'not_found');
  }
  expectProblem(await say(calls, room, 'accept'), 404, 'not_found');
  expectProblem(await offer(stranger.calls, conversationId), 404, 'not_found');
  expectProblem(await offer(quiet.calls, conversationId), 404, 'not_found');
  expectProblem(await offer(boss.calls, conversationId), 403, 'not_your_conversation');
  for (const wrong of ['1', 'x'.repeat(32), room.toUpperCase()]) {
    expectProblem(await say(calls, wrong, 'end'), 404, 'not_found');
  }
  await say(alice.calls, room, 'accept');
  await db('calls')
    .where({ room })
    .update({ accepted_at: db.raw(`now() - interval '65 seconds'`) });
  await alice.calls.json('POST', `/api/v1/calls/${room}/end`, { durationS: 9999 });
  expect((await messagesOf(calls, conversationId)).at(-1)).toMatchObject({
    senderId: session.userId,
    senderRole: 'customer',
    body: { type: 'call', content: { kind: 'video', outcome: 'ended', durationS: 65 } },
  });
});

it('A11: who calls too often is told to wait', async () => {
  const { calls, conversationId } = await visit();
  for (let times = 0; times < 7; times += 1) {
    const { status, body } = await offer(calls, conversationId);
    expect(status).toBe(201);
    await say(calls, body.room, 'end');
  }
  expectProblem(await offer(calls, conversationId), 429, 'rate_limited');
});
