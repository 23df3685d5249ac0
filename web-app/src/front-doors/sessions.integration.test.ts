import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookiesOf, httpCaller, type Answer, type HttpCaller } from '../../../test-support/http-calls.ts';
import { signIn } from '../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../test-support/stack.ts';
import type { WoliveReply } from '../../../test-support/wolive-calls.ts';
import type { ApiMe } from './console-api/wire.ts';

const PASSWORD = 'correct-horse-1';
const NAMES = ['ann', 'bea', 'cem', 'dan', 'eva'];

let stack: Stack;
let anybody: HttpCaller;

beforeAll(async () => {
  const agents = NAMES.map((user_name) => ({ user_name, password: PASSWORD }));
  stack = await startStack({
    bootstrap: { businesses: [{ business_id: 'acme', agents }] },
    webEnv: { RATE_LIMITS: 'on' },
  });
  anybody = httpCaller(stack.webUrl);
});

afterAll(() => stack.stop());

const byApi = (userName: string, password: string, caller = anybody) =>
  caller.json<ApiMe>('POST', '/api/v1/session', { userName, password });
const byWolive = (user_name: string, password: string, caller = anybody) =>
  caller.json<WoliveReply>('POST', '/admin/login', { user_name, password });
const DOORS = { byApi, byWolive };

/** Whether a session is worth anything, at both doors and where channels are signed. */
async function worthOf({ cookie, userId }: { cookie: string; userId: number }): Promise<number[]> {
  const caller = anybody.with({ Cookie: cookie });
  const channel = { socket_id: '1.2', channel_name: `private-kefu${userId}` };
  const answers: Answer<unknown>[] = [
    await caller.get('/api/v1/me'),
    await caller.form('/admin/set/getchats', {}),
    await caller.form('/pusher/auth', channel),
    await caller.form('/pusher/user-auth', { socket_id: '1.2' }),
  ];
  return answers.map(({ status }) => status);
}
const ALIVE = [200, 200, 200, 200];
const ENDED = [401, 401, 403, 403];

describe('signing in', () => {
  it('A77, L94: ten failures lock a name at an address, also when they are tried at once and at two doors', async () => {
    const guesses = Array.from({ length: 30 }, (_, n) =>
      n % 2 === 0 ? byApi('ann', `guess ${n}`) : byWolive('ANN', `guess ${n}`),
    );
    const answers = await Promise.all<Answer<unknown>>(guesses);
    const outcomes = answers.map(({ status, body }) => {
      const { code } = body as { code: unknown };
      return `${status} ${String(code)}`;
    });
    const locked = outcomes.filter((outcome) => outcome.startsWith('429'));
    expect(locked).toHaveLength(20);
    expect(new Set(outcomes)).toEqual(new Set(['401 unauthorized', '200 1', '429 rate_limited', '429 1']));
    expect((await byApi('ann', PASSWORD)).status).toBe(429);
    expect((await byWolive('ann', PASSWORD)).body.msg).toMatch(/频繁/);
    expect((await byApi('bea', PASSWORD)).status).toBe(200);
  });

  it('A77, L94: an unknown name is told the same as a wrong password, and takes as long', async () => {
    const timed = async (userName: string): Promise<[number, Answer<unknown>]> => {
      const begun = performance.now();
      const answer = await byApi(userName, 'wrong');
      return [performance.now() - begun, answer];
    };
    // The first of all makes the hash that unknown names are compared with.
    const [, first] = await timed('nobody0');
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let n = 1; n <= 6; n += 1) {
      const [known, told] = await timed('cem');
      const [unknown, alsoTold] = await timed(`nobody${n}`);
      expect(alsoTold.body).toEqual(told.body);
      expect(told.body).toEqual(first.body);
      times.known.push(known);
      times.unknown.push(unknown);
    }
    // Without a hash to compute it would be a tenth.
    expect(Math.min(...times.unknown)).toBeGreaterThan(Math.min(...times.known) / 2);
    const wolive = await Promise.all([byWolive('cem', 'wrong'), byWolive('nobody', 'wrong')]);
    expect(wolive[0].body).toEqual(wolive[1].body);
  });

  it.each(Object.entries(DOORS))('A77, L94: a new session each time, kept from scripts, %s', async (_door, enter) => {
    const first = await enter('dan', PASSWORD);
    const [cookie = ''] = first.headers.getSetCookie();
    expect(cookie).toMatch(/^openkefu_session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    const second = await enter('dan', PASSWORD, anybody.with({ Cookie: cookiesOf(first) }));
    const { id } = (await signIn(stack.webUrl, 'dan', PASSWORD)).me;
    expect(await worthOf({ cookie: cookiesOf(second), userId: id })).toEqual(ALIVE);
    expect(await worthOf({ cookie: cookiesOf(first), userId: id })).toEqual(ENDED);
    // What was known before anybody signed in is worth nothing afterwards.
    const planted = 'openkefu_session=s%3Aplanted.signature';
    const third = await enter('dan', PASSWORD, anybody.with({ Cookie: planted }));
    expect(cookiesOf(third)).not.toContain('planted');
  });

  it('A77: nobody but who signs in gets a cookie', async () => {
    for (const answer of [await byApi('dan', 'wrong'), await byWolive('nobody', 'x'), await anybody.get('/demo')]) {
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });
});

describe('the end of a session', () => {
  it('A77, L94: signing out ends it at once, for calls and channels', async () => {
    const [eva, another] = [await signIn(stack.webUrl, 'eva', PASSWORD), await signIn(stack.webUrl, 'eva', PASSWORD)];
    expect(await worthOf({ cookie: eva.cookie, userId: eva.me.id })).toEqual(ALIVE);
    expect((await eva.calls.json('DELETE', '/api/v1/session')).status).toBe(204);
    expect(await worthOf({ cookie: eva.cookie, userId: eva.me.id })).toEqual(ENDED);
    expect(await worthOf({ cookie: another.cookie, userId: eva.me.id })).toEqual(ALIVE);
  });

  it('L94: a new password ends the others, and gives this one a new id', async () => {
    const [eva, another] = [await signIn(stack.webUrl, 'eva', PASSWORD), await signIn(stack.webUrl, 'eva', PASSWORD)];
    const userId = eva.me.id;
    const changed = await eva.calls.form<WoliveReply>('/admin/manager/modify', {
      oldpass: PASSWORD,
      newpass: 'another-horse-2',
      newpass2: 'another-horse-2',
    });
    expect(changed.body.code).toBe(0);
    expect(await worthOf({ cookie: cookiesOf(changed), userId })).toEqual(ALIVE);
    for (const { cookie } of [eva, another]) expect(await worthOf({ cookie, userId })).toEqual(ENDED);
    expect((await byApi('eva', PASSWORD)).status).toBe(401);
  });
});
