import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { say, visit } from '../../../test-support/api-visit.ts';
import { eventually, httpCaller, type HttpCaller } from '../../../test-support/http-calls.ts';
import { listenTo } from '../../../test-support/listen-to.ts';
import { startRecordedStack, type RecordedStack } from '../../../test-support/recorded-stack.ts';
import { formWith, png } from '../../../test-support/sample-files.ts';
import { onLine, type SignedInAgent } from '../../../test-support/signed-in-agent.ts';
import { connect } from '../../../test-support/websocket-client.ts';
import { visiterCalls, type WoliveList, type WoliveReply } from '../../../test-support/wolive-calls.ts';
import type { ApiFile } from './console-api/wire.ts';

const PASSWORD = 'correct-horse-1';

/** Everything that anybody writes carries a mark that is nowhere else. */
const marks: string[] = [];
function mark(what: string): string {
  const written = `${what}-${randomUUID().slice(0, 8)}`;
  marks.push(written);
  return written;
}
/** What lets somebody in: in no log of anybody. */
const secrets: string[] = [PASSWORD];
const CONTROL = 'everybody-may-read-this';

const question = mark('question');
const answer = mark('answer');
let stack: RecordedStack;
let anna: SignedInAgent;
let bob: SignedInAgent;
let lou: SignedInAgent;
/** What clients made of it. */
const decrypted: (() => string)[] = [];
/** Frames as they arrive. */
const frames: string[] = [];
const leaving: (() => void)[] = [];

beforeAll(async () => {
  const agent = (user_name: string) => ({ user_name, nick_name: mark('nickname'), password: PASSWORD });
  const quiet = {
    business_id: 'quiet',
    encrypt_channels: true,
    legacy_visitors: true,
    distribution_rule: 'claim',
    audio_state: 'open',
    greeting: mark('greeting'),
    questions: [{ question, answer }],
    agents: [agent('anna'), agent('bob')],
  };
  const loud = { business_id: 'loud', agents: [{ user_name: 'lou', password: PASSWORD }] };
  stack = await startRecordedStack({ businesses: [quiet, loud] });
  [anna, bob, lou] = await Promise.all([
    onLine(stack.webUrl, 'anna', PASSWORD),
    onLine(stack.webUrl, 'bob', PASSWORD),
    onLine(stack.webUrl, 'lou', PASSWORD),
  ]);
});

afterAll(async () => {
  for (const leave of leaving) leave();
  for (const agent of [anna, bob, lou]) agent.leave();
  await stack.stop();
});

/** Hears a channel twice: as pusher-js with its key, and as bytes. */
async function hear(calls: HttpCaller, channels: string[]): Promise<Awaited<ReturnType<typeof connect>>> {
  const { app, port } = stack.pusher;
  for (const channel of channels) {
    const { heard, stop } = await listenTo({ app, pusher: stack.pusher }, calls, channel);
    decrypted.push(() => JSON.stringify(heard));
    leaving.push(stop);
  }
  const socket = await connect(`ws://127.0.0.1:${port}/app/${app.key}?protocol=7&client=bytes&version=1`);
  socket.socket.on('message', (data: Buffer) => frames.push(data.toString('utf8')));
  leaving.push(() => socket.close());
  const { data } = (await socket.next()) as { data: string };
  const { socket_id } = JSON.parse(data) as { socket_id: string };
  for (const channel of channels) {
    const { body } = await calls.form<{ auth: string }>('/pusher/auth', { socket_id, channel_name: channel });
    socket.send({ event: 'pusher:subscribe', data: { channel, auth: body.auth } });
    await socket.next((message) => (message as { event: string }).event.endsWith('subscription_succeeded'));
  }
  return socket;
}

const channelsOf = ({ me }: SignedInAgent) => [me.channels.own, me.channels.notices, me.channels.business];

/** Through our own widget and console. */
async function talkByWidget(): Promise<void> {
  const { session, calls, conversationId } = await visit(stack.webUrl, 'quiet', {
    name: mark('name'),
    page: `https://${mark('page')}.example/`,
    referrer: `https://${mark('referrer')}.example/`,
  });
  secrets.push(session.token ?? 'no token');
  const conversation = `/api/v1/conversations/${conversationId}`;
  await hear(calls, [session.channels.own]);
  await say(calls, conversationId, mark('waiting'));
  await ok(anna.calls.json('POST', `${conversation}/claim`));
  const typing = await hear(calls, [`private-talk${conversationId}`]);
  typing.send({
    event: 'client-typing',
    channel: `private-talk${conversationId}`,
    data: { role: 'customer', typing: true },
  });

  await say(calls, conversationId, mark('text'));
  await say(calls, conversationId, `${mark('long')} ${'very long '.repeat(990)}`);
  await say(anna.calls, conversationId, mark('reply'));
  const file = await calls.upload<ApiFile>(
    '/api/v1/files',
    formWith('file', { bytes: png(3, 3), name: `${mark('file')}.png` }),
  );
  const card = { pid: mark('pid'), url: '', image: '', title: mark('title'), info: mark('info'), price: mark('price') };
  for (const body of [
    { type: 'image', content: { key: file.body.key } },
    { type: 'card', content: card },
  ]) {
    await ok(calls.json('POST', `${conversation}/messages`, { clientId: randomUUID(), ...body }));
  }
  const faqs = await calls.get<{ items: { id: number }[] }>('/api/v1/faqs?business_id=quiet');
  await ok(calls.json('POST', `${conversation}/faqs/${String(faqs.body.items[0]?.id)}`));
  const called = await calls.json<{ room: string }>('POST', `${conversation}/calls`, { kind: 'audio' });
  await ok(Promise.resolve(called));
  await ok(anna.calls.json('POST', `/api/v1/calls/${called.body.room}/refuse`));
  await ok(anna.calls.json('POST', `${conversation}/transfer`, { agentId: bob.me.id }));
  await ok(bob.calls.json('POST', `${conversation}/rating-request`));
  await ok(calls.json('POST', `${conversation}/rating`, { score: 4, comment: mark('comment') }));
  await ok(
    calls.json('POST', '/api/v1/leave-messages', { businessId: 'quiet', name: mark('left'), content: mark('left') }),
  );
  await ok(bob.calls.json('POST', `${conversation}/close`));
}

/** Through WoLive's door. */
async function talkByWolive(): Promise<void> {
  const { notice, chats } = visiterCalls(stack.webUrl);
  const visiter_id = 'wolive-visitor';
  const visiter_name = mark('visiter');
  const { body } = await notice('quiet', visiter_id, { visiter_name, record: `https://${mark('record')}.example/` });
  const visitor_token = String(body.data['visitor_token']);
  secrets.push(visitor_token);
  const ids = { business_id: 'quiet', visiter_id, visitor_token };
  const visitor = httpCaller(stack.webUrl, { Authorization: `Bearer ${visitor_token}` });
  await hear(visitor, [`private-encrypted-cu${String(body.data['channel'])}`]);
  const done = async (reply: Promise<{ body: WoliveReply | WoliveList }>) => expect((await reply).body.code).toBe(0);
  await done(chats({ ...ids, content: mark('waiting') }));
  await done(anna.calls.form<WoliveReply>('/admin/set/get', { visiter_id }));
  await done(chats({ ...ids, service_id: String(anna.me.id), content: mark('chats') }));
  await done(anna.calls.form<WoliveReply>('/admin/set/chats', { visiter_id, content: `<b>${mark('set')}</b>` }));
  const file = formWith(
    'folder',
    { bytes: 'words', name: `${mark('folder')}.txt` },
    { ...ids, service_id: String(anna.me.id) },
  );
  await done(visitor.upload<WoliveReply>('/admin/event/uploadfile', file));
  const { data } = (await visitor.form<WoliveList>('/admin/event/getquestion', ids)).body;
  await done(visitor.form<WoliveReply>('/admin/event/getanswer', { ...ids, qid: String(data[0]?.['qid']) }));
  await done(visitor.form<WoliveReply>('/admin/event/message', { ...ids, content: mark('message') }));
  await done(anna.calls.form<WoliveReply>('/admin/set/getswitch', { visiter_id, id: String(bob.me.id) }));
  await done(bob.calls.form<WoliveReply>('/admin/set/deletes', { visiter_id }));
}

async function ok(answering: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await answering;
  expect({ status, body }).toMatchObject({ status: expect.toBeOneOf([200, 201, 204]) as number });
}

/** As it might be written: whatever encodes it keeps one of these. */
function formsOf(written: string): string[] {
  const base64 = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + written)
      .toString('base64')
      .slice(4, -4),
  );
  return [written, Buffer.from(written).toString('hex'), ...base64];
}

it('L92: the realtime server and Redis are never told what anybody wrote, and those who may read it do', async () => {
  await hear(anna.calls, channelsOf(anna));
  await hear(bob.calls, channelsOf(bob));
  await hear(lou.calls, [lou.me.channels.own]);
  await Promise.all([talkByWidget(), talkByWolive()]);
  const loud = await visit(stack.webUrl, 'loud');
  await say(loud.calls, loud.conversationId, CONTROL);

  // Left messages and comments are read from the store alone.
  const announced = marks.filter((written) => !/^(left|message|comment|referrer|greeting)-/.test(written));
  const heard = await eventually(
    () => Promise.resolve(decrypted.map((read) => read()).join('\n')),
    (all) => [...announced, CONTROL].every((written) => all.includes(written)),
  );
  expect(announced.filter((written) => !heard.includes(written))).toEqual([]);

  const records: Record<string, string> = { ...(await stack.records()), frames: frames.join('\n') };
  for (const [where, record] of Object.entries(records)) {
    expect({ where, secrets: secrets.filter((secret) => record.includes(secret)) }).toEqual({ where, secrets: [] });
    const told = marks.filter((written) => formsOf(written).some((form) => record.includes(form)));
    expect({ where, told }).toEqual({ where, told: [] });
  }
  // The ears are open: of the business that does not encrypt everything was heard.
  const hearing = Object.entries(records).filter(([, record]) => record.includes(CONTROL));
  expect(hearing.map(([where]) => where)).toEqual(
    expect.arrayContaining(['between web-app and the realtime server', 'the event stream', 'frames']),
  );
  if ('Redis' in records) expect(records['Redis']).toContain(CONTROL);
  expect(records['webhooks']).toContain('private-encrypted-kefu');
  expect(records['logs']).toContain('"request"');
  expect(records['the log of web-app']).toContain('/admin/event/chats');
  expect(records['what it answers of itself']).toContain('private-encrypted-kefu');
});
