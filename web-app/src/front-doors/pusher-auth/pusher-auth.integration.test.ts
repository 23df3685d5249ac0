import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpCaller, type HttpCaller } from '../../../../test-support/http-calls.ts';
import { onLine, signIn, type SignedInAgent } from '../../../../test-support/signed-in-agent.ts';
import { startStack, type Stack } from '../../../../test-support/stack.ts';
import type { ApiVisitorSession } from '../console-api/wire.ts';

const PASSWORD = 'correct-horse-1';
const agent = (user_name: string) => ({ user_name, nick_name: user_name, password: PASSWORD });
const SOCKET = '123.456';
const PATHS = ['/pusher/auth', '/admin/login/auth', '/index.php/admin/login/auth'];

interface Grant {
  auth?: string;
  user_data?: string;
  error?: string;
}

let stack: Stack;
let anybody: HttpCaller;
let alice: SignedInAgent;
let bob: SignedInAgent;
let mallory: SignedInAgent;
let session: ApiVisitorSession;
let visitor: HttpCaller;
let stranger: HttpCaller;

async function visit(businessId: string): Promise<[ApiVisitorSession, HttpCaller]> {
  const { body } = await anybody.json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { businessId });
  return [body, anybody.with({ Authorization: `Bearer ${body.token}` })];
}

beforeAll(async () => {
  stack = await startStack({
    bootstrap: {
      businesses: [
        { business_id: 'acme', agents: [agent('alice'), agent('bob')] },
        { business_id: 'other', allowed_domains: ['shop.example'], agents: [agent('mallory')] },
      ],
    },
  });
  anybody = httpCaller(stack.webUrl);
  alice = await onLine(stack.webUrl, 'alice', PASSWORD);
  bob = await signIn(stack.webUrl, 'bob', PASSWORD);
  mallory = await signIn(stack.webUrl, 'mallory', PASSWORD);
  [session, visitor] = await visit('acme');
  [, stranger] = await visit('acme');
});

afterAll(async () => {
  alice.leave();
  await stack.stop();
});

const ask = (caller: HttpCaller, channel_name: string, path = '/pusher/auth') =>
  caller.form<Grant>(path, { socket_id: SOCKET, channel_name });

const signed = (channel: string) =>
  `${stack.app.key}:${createHmac('sha256', stack.app.secret).update(`${SOCKET}:${channel}`).digest('hex')}`;

describe('who may listen', () => {
  it('U1: an agent to their own channels, and to those of conversations they are in', async () => {
    const own = [alice.me.channels.own, alice.me.channels.notices, alice.me.channels.business];
    for (const channel of [...own, `private-talk${session.conversation?.id}`]) {
      const { status, body } = await ask(alice.calls, channel);
      expect({ channel, status, auth: body.auth }).toEqual({ channel, status: 200, auth: signed(channel) });
    }
  });

  it('U2: a visitor to their own, their agent’s presence, and their conversation', async () => {
    const { own, agent: presence } = session.channels;
    for (const channel of [own, presence ?? '', `private-talk${session.conversation?.id}`]) {
      for (const path of PATHS) {
        const { status, body } = await ask(visitor, channel, path);
        expect({ channel, status, auth: body.auth }).toEqual({ channel, status: 200, auth: signed(channel) });
      }
    }
    const byParameter = await anybody.json<Grant>('POST', '/pusher/auth', {
      socket_id: SOCKET,
      channel_name: own,
      visitor_token: session.token,
    });
    expect(byParameter.body.auth).toBe(signed(own));
  });

  it('U3: nobody to anything else', async () => {
    const { own, agent: presence } = session.channels;
    const talk = `private-talk${session.conversation?.id}`;
    const refusals: [HttpCaller, string][] = [
      [anybody, own],
      [anybody.with({ Authorization: 'Bearer nobody' }), own],
      [alice.calls.with({ Authorization: 'Bearer nobody' }), alice.me.channels.own],
      [stranger, own],
      [stranger, talk],
      [visitor, alice.me.channels.own],
      [visitor, alice.me.channels.business],
      [visitor, `private-se${bob.me.id}`],
      [alice.calls, own],
      [bob.calls, alice.me.channels.own],
      [bob.calls, alice.me.channels.notices],
      [bob.calls, talk],
      [mallory.calls, alice.me.channels.business],
      [mallory.calls, talk],
      [mallory.calls, presence ?? ''],
      [alice.calls, 'private-unknown'],
      [alice.calls, `kefu${alice.me.id}`],
      [alice.calls, `presence-kefu${alice.me.id}`],
      [alice.calls, `private-encrypted-kefu${alice.me.id}`],
    ];
    for (const [caller, channel] of refusals) {
      const { status, body } = await ask(caller, channel);
      expect({ channel, status, auth: body.auth }).toEqual({ channel, status: 403, auth: undefined });
      expect(body.error).toEqual(expect.any(String));
    }
  });

  it('U3: nothing that could be no socket or channel is signed', async () => {
    const channel_name = alice.me.channels.own;
    const wrong: Record<string, unknown>[] = [
      {},
      { channel_name },
      { socket_id: SOCKET },
      { socket_id: `${SOCKET}:private-x`, channel_name },
      { socket_id: '1', channel_name },
      { socket_id: 123.456, channel_name },
      { socket_id: [SOCKET], channel_name },
      { socket_id: SOCKET, channel_name: `${channel_name}\n` },
      { socket_id: SOCKET, channel_name: 'x'.repeat(201) },
      { socket_id: SOCKET, channel_name: [channel_name] },
      { socket_id: SOCKET, channel_name: null },
      { socket_id: SOCKET, channel_name: 'a\0' },
    ];
    for (const body of wrong) {
      const answer = await alice.calls.json<Grant>('POST', '/pusher/auth', body);
      expect({ body, status: answer.status, auth: answer.body.auth }).toEqual({ body, status: 403, auth: undefined });
    }
    expect((await alice.calls.raw('POST', '/pusher/auth', 'application/json', '{')).status).toBe(400);
    expect((await alice.calls.raw('POST', '/pusher/auth', 'application/json', `"${'x'.repeat(300_000)}"`)).status).toBe(
      413,
    );
  });

  it('U4: signs a connection in as the caller', async () => {
    for (const [caller, id] of [
      [alice.calls, alice.me.id],
      [visitor, session.userId],
    ] as const) {
      const { status, body } = await caller.form<Grant>('/pusher/user-auth', { socket_id: SOCKET });
      expect(status).toBe(200);
      expect(JSON.parse(body.user_data ?? '{}')).toMatchObject({ id: String(id) });
      const text = `${SOCKET}::user::${body.user_data}`;
      expect(body.auth).toBe(`${stack.app.key}:${createHmac('sha256', stack.app.secret).update(text).digest('hex')}`);
    }
    expect((await anybody.form('/pusher/user-auth', { socket_id: SOCKET })).status).toBe(403);
    expect((await alice.calls.form('/pusher/user-auth', { socket_id: 'x' })).status).toBe(403);
  });

  it('U5: a visitor’s page elsewhere than the business allows is refused', async () => {
    const { body } = await anybody
      .with({ Origin: 'https://shop.example' })
      .json<ApiVisitorSession>('POST', '/api/v1/visitor-session', { businessId: 'other' });
    const from = (origin: string) => anybody.with({ Authorization: `Bearer ${body.token}`, Origin: origin });
    const allowed = await ask(from('https://shop.example'), body.channels.own);
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    const refused = await ask(from('https://evil.example'), body.channels.own);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });
});
