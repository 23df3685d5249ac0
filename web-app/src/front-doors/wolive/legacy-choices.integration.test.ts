import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyBootstrapFile } from '../../bootstrap.ts';
import { eventually, httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { listenTo } from '../../../../test-support/listen-to.ts';
import { formWith, png } from '../../../../test-support/sample-files.ts';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import { expectReply, type WoliveReply } from '../../../../test-support/wolive-calls.ts';
import type { ApiMe } from '../console-api/wire.ts';
import { channelOf } from './channel.ts';

const PASSWORD = 'correct-horse-1';
const SECRET = 'identity-secret';
const agent = (user_name: string) => ({ user_name, password: PASSWORD, max_conversations: 500 });
const questions = [{ question: '运费？', answer: '包邮' }];

let stack: Stack;
let anybody: HttpCaller;
let paul: SignedInAgent;
let anna: SignedInAgent;

beforeAll(async () => {
  const signs = { identity_secret: SECRET, questions };
  stack = await startStack({
    bootstrap: {
      businesses: [
        { business_id: 'strict', ...signs, identity_required: true, legacy_visitors: true, agents: [agent('paul')] },
        { business_id: 'open', ...signs, legacy_visitors: true, agents: [agent('anna')] },
        { business_id: 'keyless', identity_required: true, legacy_visitors: true, agents: [] },
        { business_id: 'plain', legacy_visitors: true, legacy_public_channels: true, agents: [agent('emma')] },
        { business_id: 'quiet', legacy_visitors: true, agents: [agent('finn')] },
      ],
    },
  });
  anybody = httpCaller(stack.webUrl);
  paul = await onLine(stack.webUrl, 'paul', PASSWORD);
  anna = await onLine(stack.webUrl, 'anna', PASSWORD);
});

afterAll(async () => {
  paul?.leave();
  anna?.leave();
  await stack?.stop();
});

type Fields = Record<string, string>;

const hashOf = (visiter_id: string, secret = SECRET) => createHmac('sha256', secret).update(visiter_id).digest('hex');
const post = (path: string, fields: Fields) => anybody.form<WoliveReply>(`/admin/event/${path}`, fields);
const sendUp = (path: string, field: string) => (fields: Fields) =>
  anybody.upload<WoliveReply>(`/admin/event/${path}`, formWith(field, { bytes: png(2, 2), name: 'a.png' }, fields));

/** Every visitors' call that names a visitor, with what it needs besides, and what it answers to whom it does not know. */
const CALLS: [string, Fields, number, (fields: Fields) => ReturnType<typeof post>][] = [
  ['notice', {}, 1, (fields) => post('notice', fields)],
  ['chats', { content: '你好' }, 3, (fields) => post('chats', fields)],
  ['chat', { content: '你好' }, 3, (fields) => post('chat', fields)],
  ['upload', {}, 1, sendUp('upload', 'upload')],
  ['uploadfile', {}, 1, sendUp('uploadfile', 'folder')],
  ['chatdata', { hid: '0' }, 1, (fields) => post('chatdata', fields)],
  ['getanswer', {}, 1, (fields) => post('getanswer', fields)],
  ['message', { content: '请回电' }, 1, (fields) => post('message', fields)],
  ['apply', { kind: 'audio' }, 1, (fields) => post('apply', fields)],
];

describe('a business that signs its visitors', () => {
  const of = async (slug: string, who: SignedInAgent, visiter_id: string) => {
    const { body } = await post('getquestion', { business_id: slug });
    const [faq] = body.data as unknown as { qid: number }[];
    return { business_id: slug, visiter_id, service_id: String(who.me.id), qid: String(faq?.qid) };
  };

  it.each(CALLS)('L87: event/%s needs the signature, and takes it', async (name, more, failure, call) => {
    const visiter_id = `c-${name}`;
    const fields = { ...(await of('strict', paul, visiter_id)), ...more };
    const hash = hashOf(visiter_id);
    expectReply(await post('notice', { ...fields, hash }), 0);

    const refused = await Promise.all([
      call(fields),
      call({ ...fields, hash: hashOf('somebody-else') }),
      call({ ...fields, hash: hashOf(visiter_id, 'another secret') }),
      call({ ...fields, hash: hash.slice(2) }),
      call({ ...fields, hash: 'ff' }),
    ]);
    for (const answer of refused) expectReply(answer, failure);
    expectReply(await call({ ...fields, hash }), 0);
  });

  it.each(CALLS)('L87: event/%s refuses a wrong signature beside a right token', async (name, more, failure, call) => {
    const visiter_id = `t-${name}`;
    const fields = { ...(await of('open', anna, visiter_id)), ...more };
    const visitor_token = String((await post('notice', fields)).body.data['visitor_token']);
    expectReply(await call({ ...fields, visitor_token, hash: hashOf('somebody-else') }), failure);
    expectReply(await call({ ...fields, visitor_token }), 0);
  });

  it('L87: the first notice needs it too, though legacy visitors are served; the token that it gets does after', async () => {
    const visiter_id = randomUUID();
    const fields = { business_id: 'strict', visiter_id };
    expectReply(await post('notice', fields), 1, /visitor_token/);
    const first = await post('notice', { ...fields, hash: hashOf(visiter_id) });
    expectReply(first, 0);
    const visitor_token = String(first.body.data['visitor_token']);
    expectReply(await post('notice', { ...fields, visitor_token }), 0);
    expectReply(await post('notice', fields), 1, /visitor_token/);
    expectReply(await post('notice', { business_id: 'keyless', visiter_id }), 1, /visitor_token/);
    expectReply(await post('notice', { business_id: 'keyless', visiter_id, hash: hashOf(visiter_id, '') }), 1);
  });

  it('L87: who came before the business signed is no longer believed by a token; who has no name goes by one', async () => {
    const visiter_id = randomUUID();
    const before = await post('notice', { business_id: 'open', visiter_id });
    const visitor_token = String(before.body.data['visitor_token']);
    await change({ business_id: 'open', identity_required: true });
    const fields = { business_id: 'open', visiter_id };
    await eventually(
      () => post('notice', { ...fields, visitor_token }),
      ({ body }) => body.code === 1,
    );
    const signed = await post('notice', { ...fields, hash: hashOf(visiter_id) });
    expectReply(signed, 0);
    expect(signed.body.data['visitor_token']).not.toBe(visitor_token);

    const nameless = await post('notice', { business_id: 'open', visiter_id: '' });
    expectReply(nameless, 0);
    const { visiter_id: made = '', visitor_token: token = '' } = nameless.body.data as Fields;
    expectReply(await post('notice', { business_id: 'open', visiter_id: made, visitor_token: token }), 0);
    await change({ business_id: 'open', identity_required: false });
  });
});

async function change(business: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'openkefu-choices-'));
  const file = join(folder, 'bootstrap.json');
  writeFileSync(file, JSON.stringify({ businesses: [business] }));
  try {
    await applyBootstrapFile(stack.databaseUrl, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('channels without a prefix', () => {
  /** A console of WoLive's: it holds its plain channels, and is nobody to the realtime server. */
  async function oldConsole(userName: string, slug: string) {
    const signedIn = await signIn(stack.webUrl, userName, PASSWORD);
    const { id } = signedIn.me;
    const names = [`kefu${id}`, `ud${id}`, `all${slug}`];
    const listening = await Promise.all(names.map((name) => listenTo(stack, anybody, name)));
    const isOnline = async () => (await signedIn.calls.get<ApiMe>('/api/v1/me')).body.online;
    return { signedIn, listening, isOnline };
  }

  it('L88: off: nobody is there by them, and nothing goes out on them', async () => {
    const quiet = await oldConsole('finn', 'quiet');
    const plain = await oldConsole('emma', 'plain');
    // Who came later is known to be there: what was told before of the other has been heard.
    await eventually(plain.isOnline, (online) => online);
    expect(await quiet.isOnline()).toBe(false);
    const { calls, me } = quiet.signedIn;
    expect(me).not.toHaveProperty('publicChannels');

    expectReply(await post('notice', { business_id: 'quiet', visiter_id: 'q1' }), 3);
    const visitor = await listenTo(stack, anybody, `cu${channelOf('q1', 'quiet')}`);
    const own = await listenTo(stack, calls, me.channels.own);
    const said = { business_id: 'quiet', visiter_id: 'q1', service_id: '0', content: '悄悄' };
    expectReply(await post('chats', said), 0);
    expectReply(await calls.form<WoliveReply>('/admin/set/get', { visiter_id: 'q1' }), 0);
    expectReply(await post('chats', { ...said, service_id: String(me.id) }), 0);
    expectReply(await calls.form<WoliveReply>('/admin/set/chats', { visiter_id: 'q1', content: '好' }), 0);
    await eventually(
      () => Promise.resolve(own.heard.map(([name]) => name)),
      (names) => names.includes('cu-event') && names.includes('message'),
    );
    for (const one of [...quiet.listening, visitor]) {
      expect(one.heard.filter(([name]) => !name.startsWith('pusher:'))).toEqual([]);
    }
    for (const one of [...quiet.listening, ...plain.listening, visitor, own]) one.stop();
  });

  it('L88: on: the agent is there by them, hears by them, and is told so', async () => {
    const { signedIn, listening, isOnline } = await oldConsole('emma', 'plain');
    await eventually(isOnline, (online) => online);
    const { id, publicChannels } = (await signedIn.calls.get<ApiMe>('/api/v1/me')).body;
    expect(publicChannels).toEqual([`kefu${id}`, `ud${id}`, 'allplain']);

    expectReply(await post('notice', { business_id: 'plain', visiter_id: 'p1' }), 0);
    const visitor = await listenTo(stack, anybody, `cu${channelOf('p1', 'plain')}`);
    const said = { business_id: 'plain', visiter_id: 'p1', service_id: String(id), content: '在吗' };
    expectReply(await post('chats', said), 0);
    await signedIn.calls.form('/admin/set/chats', { visiter_id: 'p1', content: '在的' });
    const [kefu, ud] = listening;
    const names = (one?: { heard: [string, unknown][] }) => one?.heard.map(([name]) => name) ?? [];
    await eventually(
      () => Promise.resolve([...names(kefu), ...names(ud), ...names(visitor)]),
      (heard) => ['cu-event', 'on_notice', 'my-event'].every((name) => heard.includes(name)),
    );
    // Only what the document names: ticks, typing and states are for our own clients.
    const documented = /^(cu-event|my-event|cu_notice|first_word|on_notice|geton|logout|video|video-refuse|pusher:.*)$/;
    for (const one of [...listening, visitor]) for (const name of names(one)) expect(name).toMatch(documented);
    for (const one of [...listening, visitor]) one.stop();
  });

  it('L88: not together with encryption', async () => {
    const both = { business_id: 'plain', encrypt_channels: true };
    await expect(change(both)).rejects.toThrow(/encrypt_channels and legacy_public_channels exclude each other/);
    await expect(change({ business_id: 'new', legacy_public_channels: true, encrypt_channels: true })).rejects.toThrow(
      /exclude each other/,
    );
  });
});
