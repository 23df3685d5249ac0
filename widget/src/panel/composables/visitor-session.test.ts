import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiVisitorSession, VisitorSessionRequest } from '../../../../web-app/src/front-doors/console-api/wire.ts';
import { nobody, type Identity, type Init } from '../../bridge/messages.ts';
import type { KnownVisitor } from '../api/credentials.ts';
import { ApiFailure } from '../api/http.ts';
import type { VisitorApi } from '../api/visitor-api.ts';
import { Pause } from '../pause.ts';
import { VisitorSession } from './visitor-session.ts';

let asked: VisitorSessionRequest[];
/** Answers the next calls; when empty: a session of whoever asks. */
let answers: (ApiFailure | Partial<ApiVisitorSession>)[];
let kept: KnownVisitor[];
let pause: Pause;

function open(identity: Partial<Identity> = {}, known: KnownVisitor | null = null): VisitorSession {
  const api = {
    session(body: VisitorSessionRequest) {
      asked.push(body);
      const next = answers.shift();
      if (next instanceof ApiFailure) return Promise.reject(next);
      const own = { visitorId: body.visitorId ?? 'w-1', token: body.token ?? 'new token', state: 'assigned' };
      return Promise.resolve({ ...own, ...next } as ApiVisitorSession);
    },
  } as Partial<VisitorApi> as VisitorApi;
  const init = { business: 'acme', identity: { ...nobody, ...identity }, referrer: '', team: 0 } as Init;
  return new VisitorSession({
    init,
    known,
    api,
    pause,
    locale: () => 'en',
    page: () => 'https://shop.example/',
    answers: () => ({ name: '', email: '', phone: '' }),
    answered: () => undefined,
    keep: (visitor) => kept.push(visitor),
  });
}

const ways = () => asked.map(({ visitorId, token, hash }) => ({ visitorId, token, hash }));
const unauthorized = () => new ApiFailure(401, 'token_required');

beforeEach(() => {
  asked = [];
  answers = [];
  kept = [];
  pause = new Pause();
  vi.spyOn(pause, 'sleep').mockResolvedValue();
});

describe('a session', () => {
  it('makes an anonymous visitor, and keeps the token', async () => {
    const session = open();
    await session.begin(true);
    expect(session.state.value.kind).toBe('ready');
    expect(session.token).toBe('new token');
    expect(kept).toEqual([{ visitorId: 'w-1', token: 'new token' }]);
    expect(asked).toMatchObject([{ businessId: 'acme', passive: false, page: 'https://shop.example/', locale: 'en' }]);
  });

  it('falls back to an anonymous visitor when the id that the site names needs proof', async () => {
    answers.push(unauthorized(), { visitorId: 'w-9', token: 't9' });
    const session = open({ id: 'u-5' });
    await session.begin(true);
    expect(ways()).toEqual([{ visitorId: 'u-5' }, {}]);
    expect(kept).toEqual([{ visitorId: 'w-9', token: 't9' }]);
  });

  it('is no session where the token is not told', async () => {
    answers.push({ token: null });
    const session = open({ id: 'u-5' });
    await session.begin(true);
    expect(ways()).toEqual([{ visitorId: 'u-5' }, {}]);
    expect(session.token).toBe('new token');
  });

  it('asks again for as long as nobody answers', async () => {
    answers.push(
      new ApiFailure(0, 'unreachable'),
      new ApiFailure(502, 'unknown'),
      new ApiFailure(429, 'rate_limited', 9),
    );
    const session = open();
    await session.begin(true);
    expect(asked).toHaveLength(4);
    expect(session.state.value.kind).toBe('ready');
  });

  it('says so when the business takes nobody', async () => {
    answers.push(new ApiFailure(403, 'business_closed'));
    const session = open();
    await session.begin(true);
    expect(session.state.value).toEqual({ kind: 'refused', code: 'business_closed' });
  });

  it('in a hidden frame makes nobody, and wakes when the panel opens', async () => {
    const session = open({ id: 'u-5' });
    await session.begin(false);
    expect(asked).toEqual([]);
    expect(session.state.value.kind).toBe('dormant');
    await session.begin(true);
    expect(session.state.value.kind).toBe('ready');
  });

  it('in a hidden frame stays quiet about a visitor whom the server has forgotten', async () => {
    answers.push(new ApiFailure(404, 'not_found'));
    const session = open({}, { visitorId: 'w-1', token: 'old' });
    await session.begin(false);
    expect(asked).toMatchObject([{ token: 'old', passive: true }]);
    expect(session.state.value.kind).toBe('dormant');
  });

  it('that began hidden asks for an agent as soon as it is opened, even in between', async () => {
    const session = open({}, { visitorId: 'w-1', token: 'old' });
    await Promise.all([session.begin(false), session.begin(true)]);
    expect(asked.map(({ passive }) => passive)).toEqual([true, false]);
  });

  it('is renewed when the server no longer knows the token', async () => {
    const session = open({}, { visitorId: 'w-1', token: 'old' });
    await session.begin(true);
    answers.push(unauthorized(), { visitorId: 'w-2', token: 't2' });
    await session.renew();
    expect(session.token).toBe('t2');
    expect(kept.at(-1)).toEqual({ visitorId: 'w-2', token: 't2' });
  });

  it('looks again once for many reasons to, and changes nothing by it', async () => {
    const session = open();
    await session.begin(true);
    await Promise.all([session.refresh(), session.refresh(), session.refresh()]);
    expect(asked.slice(1)).toMatchObject([{ token: 'new token', passive: true }, { passive: true }]);
  });

  it('is nobody’s when the chat was closed before the answer came', async () => {
    const session = open();
    const beginning = session.begin(true);
    pause.close();
    await beginning;
    expect(kept).toEqual([]);
    expect(session.state.value.kind).toBe('starting');
  });

  it('says how to reach the visitor, and leaves out what the server would refuse', async () => {
    await open({ email: 'ann@example.com', phone: 'call me' }).begin(true);
    expect(asked[0]).toMatchObject({ email: 'ann@example.com' });
    expect(asked[0]).not.toHaveProperty('phone');
  });

  it("cuts what a site says to the wire's limits", async () => {
    const session = open({ name: '名'.repeat(100), avatar: `https://a.example/${'x'.repeat(2000)}` });
    await session.begin(true);
    expect(asked[0]?.name).toHaveLength(64);
    expect(asked[0]?.avatar).toBeUndefined();
  });
});
