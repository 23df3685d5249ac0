import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, httpCaller } from '../../../../test-support/http-calls.ts';
import { listenTo, type Heard } from '../../../../test-support/listen-to.ts';
import { onLine, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { expectReply, visiterCalls, type WoliveReply } from '../../../../test-support/wolive-calls.ts';
import { channelOf } from './channel.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string) => ({ user_name, nick_name: user_name, password: PASSWORD, max_conversations: 500 });
const business = (business_id: string, agents: string[], more: object = {}) => ({
  business_id,
  legacy_visitors: true,
  agents: agents.map(agent),
  ...more,
});

let stack: Stack;
let anna: SignedInAgent;
let bert: SignedInAgent;
let olga: SignedInAgent;
let ella: SignedInAgent;
const stops: (() => void)[] = [];

beforeAll(async () => {
  stack = await startStack({
    bootstrap: {
      businesses: [
        business('talk', ['anna', 'bert'], { legacy_public_channels: true }),
        business('other', ['olga'], { audio_state: 'close' }),
        business('secret', ['ella'], { encrypt_channels: true }),
      ],
    },
  });
  anna = await onLine(stack.webUrl, 'anna', PASSWORD);
  olga = await onLine(stack.webUrl, 'olga', PASSWORD);
});

afterAll(async () => {
  for (const stop of stops) stop();
  for (const signedIn of [anna, bert, olga, ella]) signedIn?.leave();
  await stack?.stop();
});

const visiter = (call: 'apply' | 'refuse', fields: Record<string, string>) =>
  httpCaller(stack.webUrl).form<WoliveReply>(`/admin/event/${call}`, fields);
const service = (who: SignedInAgent, call: 'apply' | 'refuse', fields: Record<string, string>) =>
  who.calls.form<WoliveReply>(`/admin/set/${call}`, fields);
const roomOf = ({ body }: { body: WoliveReply }) => String(body.data['room']);

async function listen(who: SignedInAgent['calls'], channel: string): Promise<Heard> {
  const { heard, stop } = await listenTo(stack, who, channel);
  stops.push(stop);
  return heard;
}

const named = (heard: Heard, name: string, room: string) =>
  eventually(
    () => Promise.resolve(heard.filter(([event, data]) => event === name && JSON.stringify(data).includes(room))),
    (events) => events.length > 0,
  );

/** A visitor with an agent, and whom a call names. */
async function arrived(
  business_id: string,
  visiter_id: string,
  { me }: SignedInAgent,
): Promise<Record<string, string>> {
  const { notice } = visiterCalls(stack.webUrl);
  expectReply(await notice(business_id, visiter_id), 0);
  return { visiter_id, business_id, service_id: String(me.id) };
}

it('L76: apply rings at the other side, for visitors and agents', async () => {
  const fields = await arrived('talk', 'v-apply', anna);
  const agentHears = await listen(anna.calls, anna.me.channels.own);
  const called = await visiter('apply', { ...fields, kind: 'video' });
  expectReply(called, 0, 'success');
  expect(called.body.data).toEqual({ room: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
  const room = roomOf(called);
  const [offer] = await named(agentHears, 'video', room);
  expect(offer?.[1]).toEqual({
    message: '申请视频通话',
    channel: channelOf('v-apply', 'talk'),
    avatar: expect.any(String) as string,
    username: expect.any(String) as string,
    cid: room,
    room,
    kind: 'video',
    conversationId: expect.any(Number) as number,
  });
  expectReply(await service(anna, 'refuse', { room }), 0);

  // Under legacy_public_channels a page of WoLive's own listens on the plain channel, without a signature.
  const visiterHears = await listen(anna.calls, `cu${channelOf('v-apply', 'talk')}`);
  const back = await service(anna, 'apply', { ...fields, kind: 'audio' });
  expectReply(back, 0, 'success');
  expect((await named(visiterHears, 'video', roomOf(back)))[0]?.[1]).toMatchObject({
    message: '申请语音通话',
    kind: 'audio',
    username: 'anna',
    channel: channelOf('v-apply', 'talk'),
  });
  expectReply(await visiter('refuse', { ...fields, room: roomOf(back) }), 0);
});

it('L77: refuse is told to both sides, and again is nothing more', async () => {
  const fields = await arrived('talk', 'v-refuse', anna);
  const hears = [
    await listen(anna.calls, anna.me.channels.own),
    await listen(anna.calls, `cu${channelOf('v-refuse', 'talk')}`),
  ];
  const refused = roomOf(await visiter('apply', fields));
  expectReply(await service(anna, 'refuse', { room: refused }), 0);
  expectReply(await service(anna, 'refuse', { room: refused }), 0);
  const withdrawn = roomOf(await visiter('apply', fields));
  expectReply(await visiter('refuse', { ...fields, room: withdrawn }), 0);
  for (const heard of hears) {
    const told = await named(heard, 'video-refuse', refused);
    expect(told.map(([, data]) => data)).toMatchObject([{ message: { room: refused, reason: 'refused' } }]);
    expect((await named(heard, 'video-refuse', withdrawn))[0]?.[1]).toMatchObject({ message: { reason: 'missed' } });
  }
});

it('L78: what cannot be called, or is other people’s, fails and changes nothing', async () => {
  const fields = await arrived('talk', 'v-wall', anna);
  bert = await onLine(stack.webUrl, 'bert', PASSWORD);
  const room = roomOf(await visiter('apply', fields));
  expectReply(await visiter('apply', fields), 1, '对方正在通话中');
  expectReply(await service(anna, 'apply', fields), 1, '对方正在通话中');
  expectReply(await service(bert, 'apply', fields), 1);
  expectReply(await service(bert, 'refuse', { room }), 1, '没有这个通话');
  expectReply(await service(olga, 'refuse', { room }), 1);
  const other = await arrived('other', 'v-other', olga);
  expectReply(await visiter('refuse', { ...other, room }), 1);
  expectReply(await visiter('refuse', { ...fields, room: 'nothing' }), 1);
  expectReply(await service(anna, 'refuse', { room }), 0);
  expectReply(await visiter('apply', { ...fields, service_id: String(bert.me.id) }), 1);
  expectReply(await visiter('apply', { ...fields, visiter_id: 'v-nobody' }), 1);
  expectReply(await visiter('apply', { ...fields, kind: 'smoke' }), 1);
  const closed = await visiter('apply', { ...other, kind: 'audio' });
  expect({ status: closed.status, code: closed.body.code }).toEqual({ status: 403, code: 1 });
  const signedOut = await httpCaller(stack.webUrl).form<WoliveReply>('/admin/set/apply', fields);
  expect({ status: signedOut.status, code: signedOut.body.code }).toEqual({ status: 401, code: 401 });
});

it('L79: in a business that encrypts a call is told on the encrypted channels, and signalled on a private one', async () => {
  ella = await onLine(stack.webUrl, 'ella', PASSWORD);
  const fields = await arrived('secret', 'v-secret', ella);
  expect(ella.me.channels.own).toBe(`private-encrypted-kefu${ella.me.id}`);
  const heard = await listen(ella.calls, ella.me.channels.own);
  const room = roomOf(await visiter('apply', fields));
  const [row] = (await ella.calls.get<{ items: { id: number }[] }>('/api/v1/conversations')).body.items;
  expect((await named(heard, 'video', room))[0]?.[1]).toMatchObject({ room, conversationId: row?.id });
  const talk = await ella.calls.form('/pusher/auth', { socket_id: '1.2', channel_name: `private-talk${row?.id}` });
  expect(talk.status).toBe(200);
  const encrypted = { socket_id: '1.2', channel_name: `private-encrypted-talk${row?.id}` };
  expect((await ella.calls.form('/pusher/auth', encrypted)).status).toBe(403);
  expectReply(await service(ella, 'refuse', { room }), 0);
});
