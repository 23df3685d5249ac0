import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onLine, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import {
  expectReply,
  listed,
  visiterCalls,
  type WoliveList,
  type WoliveReply,
  type WoliveRow,
} from '../../../../test-support/wolive-calls.ts';
import { openDatabase, type Database } from '../../db/knex.ts';
import { channelOf } from './channel.ts';

const PASSWORD = 'correct-horse-1';
const bootstrap = {
  businesses: [
    {
      business_id: 'york',
      timezone: 'America/New_York',
      legacy_visitors: true,
      video_state: 'close',
      greeting: 'Hi',
      questions: [{ question: 'When?', answer: 'From *nine* <b>on</b>' }],
      agents: [
        { user_name: 'nora', nick_name: 'Nora & co', password: PASSWORD, level: 'manager' },
        { user_name: 'nils', nick_name: 'Nils', password: PASSWORD },
      ],
    },
  ],
};

let stack: Stack;
let db: Database;
let calls: ReturnType<typeof visiterCalls>;
let nora: SignedInAgent;
let nils: SignedInAgent;

beforeAll(async () => {
  stack = await startStack({ bootstrap });
  db = openDatabase(stack.databaseUrl);
  calls = visiterCalls(stack.webUrl);
  nora = await onLine(stack.webUrl, 'nora', PASSWORD);
  nils = await onLine(stack.webUrl, 'nils', PASSWORD);
});

afterAll(async () => {
  for (const signedIn of [nora, nils]) signedIn.leave();
  await db.destroy();
  await stack.stop();
});

const list = (who: SignedInAgent, call: string, fields: Record<string, string> = {}) =>
  who.calls.form<WoliveList>(`/admin/set/${call}`, fields);
const contents = (rows: WoliveRow[]) => rows.map((row) => row['content']);
const say = (visiter_id: string, content: string) =>
  calls.chats({ business_id: 'york', visiter_id, service_id: '0', content });

/** A visitor of one agent's, who says something at each of these times. */
async function spokenAt(visiter_id: string, times: Readonly<Record<string, string>>): Promise<string> {
  await calls.notice('york', visiter_id);
  for (const [words, time] of Object.entries(times)) {
    const { data } = (await say(visiter_id, words)).body;
    await db.raw(`update messages set created_at = ${time} where id = ?`, [Number(data['cid'])]);
  }
  return channelOf(visiter_id, 'york');
}

describe('by time', () => {
  it('L64: a week, and a month', async () => {
    const ago = (days: number) => `now() - interval '${days} days'`;
    const channel = await spokenAt('weekly', { older: ago(32), month: ago(30), week: ago(6), now: 'now()' });
    const views = async (puttime: string) => contents((await list(nora, 'getviews', { channel, puttime })).body.data);
    for (const puttime of ['7', 'week', '最近一周']) expect(await views(puttime)).toEqual(['week', 'now']);
    for (const puttime of ['1', 'month', '最近一个月']) expect(await views(puttime)).toEqual(['month', 'week', 'now']);
    for (const puttime of ['', '9', 'toString', 'x'.repeat(21)]) {
      expectReply(await nora.calls.form<WoliveReply>('/admin/set/getviews', { channel, puttime }), 1);
    }
    const got = await nora.calls.get<WoliveList>(`/index.php/admin/set/getviews?channel=${channel}&puttime=week`);
    expect(contents(got.body.data)).toEqual(['week', 'now']);
  });

  it('L65: whole days where the business is, also when its clocks change', async () => {
    // On 1 November 2026 New York has 25 hours: from 04:00Z to 05:00Z on the next day.
    const channel = await spokenAt('daily', {
      before: "timestamptz '2026-11-01 03:59:59.9Z'",
      first: "timestamptz '2026-11-01 04:00Z'",
      last: "timestamptz '2026-11-02 04:59:59.9Z'",
      after: "timestamptz '2026-11-02 05:00Z'",
    });
    const between = async (start: string, end: string) =>
      contents((await list(nora, 'getdesignForViews', { channel, start, end })).body.data);
    expect(await between('2026-11-01', '2026-11-01')).toEqual(['first', 'last']);
    expect(await between('2026-10-31', '2026-10-31')).toEqual(['before']);
    expect(await between('2026-10-31', '2026-11-02')).toEqual(['before', 'first', 'last', 'after']);
    expect(await between('2026-11-01 00:00:01', '2026-11-01 00:00:01')).toEqual(['last']);
    expect(await between('2020-01-01', '2020-12-31')).toEqual([]);
    for (const [start, end] of [
      ['2026-11-02', '2026-11-01'],
      ['2026-02-30', '2026-03-01'],
      ['', ''],
      ['x', '2026-11-01'],
    ]) {
      const fields = { channel, start: String(start), end: String(end) };
      expectReply(await nora.calls.form<WoliveReply>('/admin/set/getdesignForViews', fields), 1, /^参数错误/);
    }
  });
});

it('L66: ten before hid, ascending, for the visitor alone', async () => {
  const ask = (visiter_id: string, hid: number | string) =>
    nora.calls.with({ Cookie: '' }).form<WoliveList>('/admin/event/chatdata', {
      business_id: 'york',
      visiter_id,
      hid: String(hid),
    });
  await calls.notice('york', 'reader');
  expect((await ask('reader', 0)).body).toEqual({ code: 0, msg: '', data: [] });
  for (let index = 1; index <= 23; index += 1) await say('reader', `${index}`);
  const newest = (await ask('reader', 0)).body.data;
  expect(contents(newest)).toEqual(Array.from({ length: 10 }, (_, index) => `${14 + index}`));
  const older = (await ask('reader', Number(newest[0]?.['cid']))).body.data;
  expect(contents(older)).toEqual(Array.from({ length: 10 }, (_, index) => `${4 + index}`));
  expect(contents((await ask('reader', Number(older[0]?.['cid']))).body.data)).toEqual(['1', '2', '3']);
  expect(contents((await ask('reader', '')).body.data)).toHaveLength(10);

  expectReply(await nora.calls.form<WoliveReply>('/admin/event/chatdata', { business_id: 'york', visiter_id: '-' }), 1);
  expectReply(
    await nora.calls.form<WoliveReply>('/admin/event/chatdata', {
      business_id: 'york',
      visiter_id: 'reader',
      hid: '-1',
    }),
    1,
  );
});

describe('SQL views', () => {
  /** A view's rows as WoLive's calls would answer them. */
  async function view(name: string, where: object, order: string): Promise<WoliveRow[]> {
    const rows = await db(`wolive_${name} as v`)
      .where(where)
      .orderBy(order)
      .select<{ row: WoliveRow }[]>(db.raw('to_jsonb(v) as row'));
    return rows.map(({ row: { timestamp, ...row } }) => {
      if (timestamp === undefined) return row;
      return { ...row, timestamp: typeof timestamp === 'string' ? timestamp.replace('T', ' ') : timestamp };
    });
  }

  it('L67: chats, word for word, of every kind, before and after a transfer, read and unread', async () => {
    await calls.notice('york', 'viewed');
    const name = `a b&"<é猫'(1)!~*.png`;
    const file = { key: '0a'.repeat(16), name, size: 3 };
    const card = { pid: '1', url: '', image: '', title: '', info: '', price: '' };
    const kinds: [string, object][] = [
      ['text', { text: 'a < b & "c" > d\n' }],
      ['image', { ...file, width: 1, height: 1 }],
      ['file', file],
      ['voice', { ...file, durationMs: 900 }],
      ['card', { ...card, title: 'T<', url: 'https://x.example/?a=1&b="2"', info: 'i', price: '1 €' }],
      ['card', { ...card, title: 'T', price: '2' }],
      ['card', { ...card, url: 'https://x.example/', price: '3', info: 'only' }],
      ['card', { ...card, info: 'info' }],
      ['call', { kind: 'video', outcome: 'ended', durationS: 3 }],
    ];
    for (const [index, [type, content]] of kinds.entries()) {
      const { data } = (await say('viewed', String(index))).body;
      await db('messages')
        .where({ id: data['cid'] })
        .update({ type, content: JSON.stringify(content) });
    }
    const owner = (await listed(nora, 'getchats', 'viewed')) === undefined ? nils : nora;
    const other = owner === nora ? nils : nora;
    await list(owner, 'chats', { visiter_id: 'viewed', content: 'from the first' });
    await list(owner, 'getwatch', { visiter_id: 'viewed' });
    await list(owner, 'getswitch', { visiter_id: 'viewed', id: String(other.me.id) });
    await list(other, 'chats', { visiter_id: 'viewed', content: 'from the second' });
    await say('viewed', 'unread');

    const viewed = async () => (await list(nora, 'getviews', { visiter_id: 'viewed', puttime: 'week' })).body.data;
    const rows = await viewed();
    expect(rows).toHaveLength(kinds.length + 3);
    expect(rows.at(-1)).toMatchObject({ state: 'unread', service_id: other.me.id, direction: 'to_service' });
    expect(rows.at(-3)).toMatchObject({ state: 'readed', service_id: owner.me.id, direction: 'to_visiter' });
    expect(await view('chats', { visiter_id: 'viewed' }, 'cid')).toEqual(rows);
    await list(other, 'chats', { visiter_id: 'viewed', content: 'and again' });
    expect((await viewed()).slice(-2)).toMatchObject([{ state: 'readed' }, { state: 'unread' }]);
    expect(await view('chats', { visiter_id: 'viewed' }, 'cid')).toEqual(await viewed());
  });

  it('L67: queue and visiter', async () => {
    await calls.notice('york', 'q-open');
    await calls.notice('york', 'q-closed');
    await calls.notice('york', 'q-black');
    for (const id of ['q-open', 'q-closed']) await say(id, 'x');
    for (const who of [nora, nils]) await list(who, 'deletes', { visiter_id: 'q-closed' });
    await list(nora, 'blacklist', { visiter_id: 'q-black' });
    const open = (await listed(nora, 'getchats', 'q-open')) ?? (await listed(nils, 'getchats', 'q-open'));
    const black = (await list(nora, 'getblackdata')).body.data[0];
    expect(await view('queue', { visiter_id: 'q-open' }, 'qid')).toEqual([open?.['queue']]);
    expect(await view('queue', { visiter_id: 'q-black' }, 'qid')).toEqual([black?.['queue']]);
    expect(await view('queue', { visiter_id: 'q-closed' }, 'qid')).toMatchObject([
      { state: 'complete', service_id: 0 },
    ]);
    const { queue, ...visiter } = black ?? {};
    expect(queue).toMatchObject({ state: 'in_black_list' });
    expect(await view('visiter', { visiter_id: 'q-black' }, 'vid')).toEqual([visiter]);
  });

  it('L67: service, business, sentence', async () => {
    const anybody = nora.calls.with({ Cookie: '' });
    const signedIn = await anybody.json<WoliveReply>('POST', '/admin/login', {
      user_name: 'nora',
      password: PASSWORD,
    });
    const [row] = await view('service', { user_name: 'nora' }, 'service_id');
    expect(row).toEqual(signedIn.body.data);
    expect(row).not.toHaveProperty('password');
    expect(await view('business', { business_id: 'york' }, 'wid')).toEqual([
      {
        wid: expect.any(Number) as number,
        business_id: 'york',
        distribution_rule: 'auto',
        video_state: 'close',
        audio_state: 'open',
        voice_state: 'open',
        voice_address: '',
        state: 'open',
      },
    ]);
    await nora.calls.form('/admin/manager/cmtalk', { content: 'Good day' });
    expect(await view('sentence', { service_id: nora.me.id }, 'sid')).toEqual([
      { sid: expect.any(Number) as number, content: 'Good day', service_id: nora.me.id, state: 'using' },
    ]);
  });

  it('L67: question, tablist, message', async () => {
    await nora.calls.form('/admin/set/gettab', { title: 'About', content: '# Us', content_read: '' });
    const left = await calls.notice('york', 'leaver').then(() =>
      nora.calls.form<WoliveReply>('/admin/event/message', {
        business_id: 'york',
        content: 'call me',
        name: 'L',
        moblie: '123',
        email: 'l@x.example',
      }),
    );
    const ask = async (call: string) =>
      (await nora.calls.form<WoliveList>(`/admin/event/${call}`, { business_id: 'york' })).body.data;
    expect(await view('question', { business_id: 'york' }, 'qid')).toEqual(await ask('getquestion'));
    expect(await view('tablist', { business_id: 'york' }, 'tid')).toEqual(await ask('gettablist'));
    expect(await view('message', { business_id: 'york' }, 'mid')).toEqual([left.body.data]);
  });

  const VIEWS = ['service', 'visiter', 'business', 'chats', 'message', 'question', 'queue', 'sentence', 'tablist'];
  it.each(VIEWS)('L67: nothing is written through wolive_%s', async (name) => {
    await expect(db(`wolive_${name}`).delete()).rejects.toMatchObject({ code: '55000' });
  });
});
