import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE, HOSTILE_PAGE, IMAGE, SCRIPT } from '../../../../test-support/hostile-texts.ts';
import type { ActorName } from '../../../../test-support/matrix/matrix.ts';
import { PASSWORD, startWorld, type RunningWorld } from '../../../../test-support/matrix/world.ts';
import type { WoliveList, WoliveReply } from '../../../../test-support/wolive-calls.ts';

let world: RunningWorld;
const ids: Record<string, string> = {};

beforeAll(async () => {
  world = await startWorld();
  Object.assign(ids, { visiter_id: world.own.visiterId, business_id: world.own.business });
});

afterAll(() => world.stop());

/** Every text that a call takes, and how long it may be at most. */
interface TextCall {
  path: string;
  who: ActorName;
  valid: Record<string, string>;
  texts: Record<string, number>;
}

const CALLS: TextCall[] = [
  {
    path: '/admin/event/notice',
    who: 'visitor',
    valid: {},
    texts: { visiter_name: 64, avatar: 1024, record: 2048, from_url: 2048, visitor_token: 200, hash: 128 },
  },
  { path: '/admin/event/chats', who: 'visitor', valid: {}, texts: { content: 10_000, client_id: 64, record: 2048 } },
  {
    path: '/admin/event/message',
    who: 'visitor',
    valid: { content: 'x' },
    texts: { content: 10_000, name: 255, moblie: 255, mobile: 255, email: 255, record: 2048 },
  },
  {
    path: '/index/message?business_id=acme',
    who: 'nobody',
    valid: { content: 'x' },
    texts: { name: 255, content: 10_000 },
  },
  { path: '/admin/set/chats', who: 'agent', valid: {}, texts: { content: 10_000, client_id: 64 } },
  {
    path: '/admin/set/gettab',
    who: 'manager',
    valid: { title: 'x' },
    texts: { title: 255, content: 20_000, content_read: 80_000 },
  },
  {
    path: '/admin/manager/addquestion',
    who: 'manager',
    valid: { question: 'x' },
    texts: { question: 1000, answer: 20_000, answer_read: 80_000 },
  },
  { path: '/admin/manager/cmtalk', who: 'agent', valid: {}, texts: { content: 2000 } },
  {
    path: '/admin/manager/registForService',
    who: 'manager',
    valid: { user_name: 'new', password: PASSWORD, password2: PASSWORD },
    texts: { user_name: 16, nick_name: 20, password: 256, phone: 40, email: 254, avatar: 1024 },
  },
  {
    path: '/admin/manager/update',
    who: 'manager',
    valid: { phone: '1' },
    texts: { user_name: 16, nick_name: 64, phone: 40, email: 254, company: 100, avatar: 1024 },
  },
  {
    path: '/admin/manager/modify',
    who: 'agent',
    valid: { oldpass: 'x', newpass: PASSWORD, newpass2: PASSWORD },
    texts: { oldpass: 256, newpass: 256 },
  },
  {
    path: '/admin/login',
    who: 'nobody',
    valid: { user_name: 'x', password: 'x' },
    texts: { user_name: 64, password: 256 },
  },
  { path: '/admin/weixin/bind', who: 'agent', valid: {}, texts: { open_id: 128 } },
];

describe('what is no text', () => {
  it.each(CALLS)('L91, L2: $path refuses it, and changes nothing', async ({ path, who, valid, texts }) => {
    const before = await world.digests();
    for (const [field, most] of Object.entries(texts)) {
      for (const wrong of ['a\0b', 'a\ud800b', 'x'.repeat(most + 1), ['x'], { x: 'y' }]) {
        const body = { ...ids, ...valid, [field]: wrong };
        const answer = await world.callers[who].json<unknown>('POST', path, body);
        const { code } = Object(answer.body) as { code?: number };
        const isPage = path.startsWith('/index/message') && answer.status === 422;
        const told = {
          field,
          wrong: JSON.stringify(wrong).slice(0, 20),
          refused: isPage || (code !== 0 && code !== undefined),
        };
        expect({ ...told, status: answer.status < 500 }).toEqual({ ...told, refused: true, status: true });
      }
    }
    expect(await world.digests()).toEqual(before);
  });
});

describe('what could be markup', () => {
  it('L91, L5: a message’s content is what was written, escaped once, wherever it stands', async () => {
    const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    for (const content of [...HOSTILE, HOSTILE_PAGE]) {
      const { subject, visitor } = await world.newSubject();
      const { visiterId: visiter_id, business: business_id } = subject;
      const sent = await visitor.form<WoliveReply>('/admin/event/chats', { visiter_id, business_id, content });
      const replied = await world.callers.agent.form<WoliveReply>('/admin/set/chats', { visiter_id, content });
      const history = await world.callers.agent.form<WoliveList>('/admin/set/getviews', { visiter_id, puttime: '7' });
      const own = await visitor.form<WoliveList>('/admin/event/chatdata', { visiter_id, business_id });
      const inbox = await world.callers.agent.form<WoliveList>('/admin/set/getchats', {});
      const listed = inbox.body.data.find((row) => row['visiter_id'] === visiter_id);
      const shown = [sent.body.data, replied.body.data, ...history.body.data, ...own.body.data, listed];
      expect(shown.map((row) => row?.['content'])).toEqual(Array.from({ length: 7 }, () => escaped(content)));
    }
  });

  it('L91, L5: names are what was written, and addresses are addresses or nothing', async () => {
    const visiter_id = 'hostile';
    const wrongAvatars = [
      'javascript:executed(1)',
      'x" onerror="executed(1)',
      `https://x.example/"onerror="executed(1)`,
    ];
    for (const avatar of wrongAvatars) {
      const arrived = await world.callers.nobody.form<WoliveReply>('/admin/event/notice', {
        business_id: 'acme',
        visiter_id: `${visiter_id}-${wrongAvatars.indexOf(avatar)}`,
        visiter_name: IMAGE,
        record: SCRIPT,
        avatar,
      });
      expect(arrived.body.code).toBe(2);
    }
    const { body } = await world.callers.agent.form<WoliveList>('/admin/set/getwait', {});
    const rows = body.data.filter((row) => String(row['visiter_id']).startsWith(visiter_id));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toMatchObject({ visiter_name: IMAGE, from_url: SCRIPT, avatar: '' });
  });

  it('L91, L45: rendered pages hold nothing that runs', async () => {
    const manage = world.callers.manager;
    const sources = { question: IMAGE, answer: HOSTILE.join('\n\n'), answer_read: '' };
    const rendered = await manage.form<WoliveReply>('/admin/manager/addquestion', sources);
    const taken = await manage.form<WoliveReply>('/admin/manager/addquestion', {
      question: SCRIPT,
      answer: '',
      answer_read: `${HOSTILE.join('\n')}<p onclick="executed(1)" style="position:fixed">kept</p><form action="/x"></form>`,
    });
    expect(taken.body.data['answer_read']).toContain('<p>kept</p>');
    for (const { body } of [rendered, taken]) {
      expect(body.data['answer_read']).not.toMatch(
        /<(script|svg|iframe|form|style|textarea)|<[^>]*\s(on\w+|style|srcdoc)=|<[^>]*(src|href)="(?!https?:|[^:"]*")/i,
      );
      expect(body.data['question']).toMatch(/^[<"]/);
    }
  });
});
