import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { signIn } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type { ApiProblem, ApiVisitorSession } from './wire.ts';

const PASSWORD = 'correct-horse-1';

/** What a field may hold that no schema asks for. Strings are apart: some fields take any. */
const WRONG_TYPES: unknown[] = [null, true, 1.5, -1, 1e30, [], ['a'], {}, { toString: 'x' }];
const UNSTORABLE: unknown[] = ['a\0b', '\ud800', 'x'.repeat(20_000)];

interface Case {
  who: 'anybody' | 'agent' | 'visitor';
  method: string;
  path: string;
  valid: Record<string, unknown>;
  /** Fields apart from those that take any number or boolean, with the values that are right for them. */
  fits?: Record<string, unknown[]>;
}

const CASES: Case[] = [
  {
    who: 'anybody',
    method: 'POST',
    path: '/api/v1/visitor-session',
    valid: {
      businessId: 'acme',
      visitorId: 'v-1',
      token: '',
      hash: '',
      name: 'Ann',
      avatar: '',
      email: '',
      phone: '',
      page: '',
      referrer: '',
      locale: 'en',
      team: 0,
      passive: false,
    },
    fits: { passive: [true] },
  },
  { who: 'anybody', method: 'POST', path: '/api/v1/session', valid: { userName: 'alice', password: PASSWORD } },
  { who: 'agent', method: 'PUT', path: '/api/v1/me/status', valid: { status: 'online' } },
  {
    who: 'visitor',
    method: 'POST',
    path: '/api/v1/conversations/:own/messages',
    valid: { clientId: 'c-1', type: 'text', content: { text: 'x' }, page: '' },
  },
  { who: 'visitor', method: 'POST', path: '/api/v1/conversations/:own/read', valid: { seq: 1 } },
  {
    who: 'anybody',
    method: 'POST',
    path: '/api/v1/leave-messages',
    valid: { businessId: 'acme', name: '', phone: '', email: '', content: 'x', page: '' },
  },
];

let stack: Stack;
let callers: Record<Case['who'], HttpCaller>;
let conversationId: number;

beforeAll(async () => {
  stack = await startStack({
    bootstrap: {
      businesses: [
        {
          business_id: 'acme',
          legacy_visitors: true,
          agents: [{ user_name: 'alice', nick_name: 'A', password: PASSWORD }],
        },
      ],
    },
  });
  const anybody = httpCaller(stack.webUrl);
  const agent = (await signIn(stack.webUrl, 'alice', PASSWORD)).calls;
  const { body } = await anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { businessId: 'acme' });
  conversationId = body.conversation?.id ?? 0;
  callers = { anybody, agent, visitor: anybody.with({ Authorization: `Bearer ${body.token}` }) };
});

afterAll(() => stack.stop());

describe.each(CASES)('A3: $method $path', ({ who, method, path, valid, fits = {} }) => {
  const send = (body: unknown) =>
    callers[who].json<ApiProblem>(method, path.replace(':own', String(conversationId)), body);

  it.each(Object.keys(valid))('refuses wrong types in %s, by name', async (field) => {
    for (const value of WRONG_TYPES.filter((wrong) => !(fits[field] ?? []).includes(wrong))) {
      const { status, body } = await send({ ...valid, [field]: value });
      expect({ value, status, code: body.code }).toEqual({ value, status: 422, code: 'invalid' });
      expect(body.errors?.some((error) => error.field.split('.')[0] === field)).toBe(true);
    }
  });

  it.each(Object.keys(valid))('never breaks over what cannot be stored in %s', async (field) => {
    for (const value of UNSTORABLE) {
      const { status } = await send({ ...valid, [field]: value });
      expect({ field, status: status >= 400 && status < 500 }).toEqual({ field, status: true });
    }
  });

  it('refuses no fields at all, and what is no object', async () => {
    for (const body of [[], [1], [{}]]) expect((await send(body)).status).toBe(422);
    const empty = await send({});
    expect(empty.status).toBe(422);
  });
});

describe('A3: queries', () => {
  it.each([
    'view=everything',
    'view=mine&view=all',
    'limit=0',
    'limit=101',
    'limit=x',
    'limit=1e99',
    'after=%00',
    `after=${'x'.repeat(300)}`,
    'after=e30',
    'after=MTIz',
  ])('/conversations?%s is 422', async (query) => {
    expect((await callers.agent.get(`/api/v1/conversations?${query}`)).status).toBe(422);
  });

  it.each([
    'after_seq=-1',
    'after_seq=x',
    'after_seq=2147483648',
    'before_seq=0',
    'before_seq=1.5',
    'limit=201',
    'limit=',
  ])('…/messages?%s is 422', async (query) => {
    expect((await callers.visitor.get(`/api/v1/conversations/${conversationId}/messages?${query}`)).status).toBe(422);
  });
});
