import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API, API_CALLS } from '../../../test-support/matrix/api-calls.ts';
import {
  ACTORS,
  faultsOf,
  nameOf,
  send,
  type ActorName,
  type MatrixCall,
  type Subject,
} from '../../../test-support/matrix/matrix.ts';
import { routesOf } from '../../../test-support/matrix/routes-of.ts';
import { WOLIVE, WOLIVE_CALLS } from '../../../test-support/matrix/wolive-calls.ts';
import { PASSWORD, startWorld, type RunningWorld } from '../../../test-support/matrix/world.ts';
import { consoleApi } from './console-api/routes.ts';
import type { ApiMe } from './console-api/wire.ts';
import type { FrontDoorDeps } from './front-door.ts';
import { wolive } from './wolive/routes.ts';

let world: RunningWorld;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.stop());

/** A router is put together without calling anything. */
const noDeps = { config: { weixinToken: 'token' } } as FrontDoorDeps;
const named = (calls: readonly MatrixCall[]) => calls.map((call) => ({ title: nameOf(call), call }));
const pathOf = (route: string) => route.replace(/^\S+ /, '');

describe('WoLive', () => {
  it('L90: the matrix names every call', () => {
    const rows = new Set(WOLIVE_CALLS.map(({ route }) => route));
    const missing = routesOf(wolive(noDeps)).filter(
      // What reads is the same call by GET.
      (route) => !rows.has(route) && !(route.startsWith('GET ') && rows.has(`POST ${pathOf(route)}`)),
    );
    expect(missing).toEqual([]);
  });

  it.each(named(WOLIVE_CALLS))('L90: $title, by everybody, for everything', async ({ call }) => {
    expect(await faultsOf(call, WOLIVE, world)).toEqual([]);
  });

  it('L90, L1: the same under /index.php, and by GET where it reads', async () => {
    const { agent, visitor } = world.callers;
    for (const call of WOLIVE_CALLS.filter(({ reads }) => reads)) {
      const caller = call.shows === 'callers' ? agent : visitor;
      const { path, body } = call.request(world.own);
      const whole = await send(caller, call.route, { path, ...(body && { body }) });
      expect([nameOf(call), WOLIVE.isDone(WOLIVE.outcomeOf(whole)) || whole.status === 302]).toEqual([
        nameOf(call),
        true,
      ]);
      const query = new URLSearchParams(
        Object.entries(body ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const again = [
        await send(caller, call.route, { path: `/index.php${path}`, ...(body && { body }) }),
        await caller.get<unknown>(path.includes('?') ? path : `${path}?${query.toString()}`),
      ];
      for (const answer of again) {
        expect({ call: nameOf(call), status: answer.status, body: withoutNonce(answer.body) }).toEqual({
          call: nameOf(call),
          status: whole.status,
          body: withoutNonce(whole.body),
        });
      }
    }
  });

  it('L1: no other method does anything', async () => {
    const routes = routesOf(wolive(noDeps));
    const paths = [...new Set(routes.map(pathOf))];
    const before = await world.digests();
    for (const path of paths) {
      for (const method of ['PUT', 'DELETE', 'PATCH', ...(routes.includes(`GET ${path}`) ? [] : ['GET'])]) {
        const answer = await world.callers.superManager.json<unknown>(method, path);
        // Signed calls are refused for want of a signature, and what is over is not there.
        expect({ method, path, status: answer.status }).toMatchObject({ status: oneOf(405, 404, 401) });
      }
    }
    expect(await world.digests()).toEqual(before);
  });

  it('L6, L93: an agent’s call from another site’s page is 403 and changes nothing', async () => {
    const before = await world.digests();
    for (const call of WOLIVE_CALLS.filter(({ shows }) => shows === 'callers')) {
      for (const origin of ['https://evil.example', 'null', `${world.stack.webUrl}.evil.example`]) {
        const foreign = world.callers.superManager.with({ Origin: origin });
        const answer = await send(foreign, call.route, call.request(world.own));
        expect({ call: nameOf(call), origin, outcome: WOLIVE.outcomeOf(answer) }).toEqual({
          call: nameOf(call),
          origin,
          outcome: '403 1',
        });
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
    expect(await world.digests()).toEqual(before);
  });
});

describe('/api/v1', () => {
  it('A75: the matrix names every call', () => {
    const rows = new Set(API_CALLS.map(({ route }) => route));
    expect(routesOf(consoleApi(noDeps)).filter((route) => !rows.has(route))).toEqual([]);
  });

  it.each(named(API_CALLS))('A75: $title, by everybody, for everything', async ({ call }) => {
    expect(await faultsOf(call, API, world)).toEqual([]);
  });

  it('A76: whatever changes something is refused to another site’s page, and without the CSRF token', async () => {
    const { superManager } = world.callers;
    const before = await world.digests();
    const changing = API_CALLS.filter(({ route, shows }) => shows === 'callers' && !route.startsWith('GET '));
    for (const call of changing) {
      const callers = [
        superManager.with({ Origin: 'https://evil.example' }),
        superManager.with({ Origin: 'null' }),
        superManager.with({ 'X-CSRF-Token': '' }),
        superManager.with({ 'X-CSRF-Token': 'x'.repeat(43) }),
      ];
      for (const caller of callers) {
        const answer = await send(caller, call.route, call.request(world.own));
        expect({ call: nameOf(call), outcome: API.outcomeOf(answer) }).toEqual({
          call: nameOf(call),
          outcome: '403 forbidden',
        });
      }
    }
    expect(await world.digests()).toEqual(before);
  });

  it('A76: signing in is refused to another site’s page', async () => {
    const foreign = world.callers.nobody.with({ Origin: 'https://evil.example' });
    const right = { userName: 'anna', password: PASSWORD };
    const answers = [
      await foreign.json('POST', '/api/v1/session', right),
      await foreign.form('/admin/login', { user_name: 'anna', password: PASSWORD }),
    ];
    for (const { status, headers } of answers) expect([status, headers.getSetCookie()]).toEqual([403, []]);
  });
});

describe('channels', () => {
  it('U3: each is signed for those whose it is, in the one form in force, and for nobody else', async () => {
    const { callers, own, foreign } = world;
    const idOf = async (actor: 'agent' | 'foreignManager') => (await callers[actor].get<ApiMe>('/api/v1/me')).body.id;
    const channelOf = ({ visiterId, business }: Subject) => Buffer.from(`${visiterId}/${business}`).toString('hex');
    const ours: readonly ActorName[] = ['agent', 'otherAgent', 'manager', 'superManager'];
    const listeners: Record<string, readonly ActorName[]> = {
      [`kefu${await idOf('agent')}`]: ['agent'],
      [`ud${await idOf('agent')}`]: ['agent'],
      [`se${await idOf('agent')}`]: ['visitor'],
      [`all${own.business}`]: ours,
      [`cu${channelOf(own)}`]: ['visitor'],
      [`talk${own.conversationId}`]: ['visitor', 'agent'],
      [`kefu${await idOf('foreignManager')}`]: ['foreignManager'],
      [`ud${await idOf('foreignManager')}`]: ['foreignManager'],
      [`se${await idOf('foreignManager')}`]: [],
      [`all${foreign.business}`]: ['foreignManager'],
      [`cu${channelOf(foreign)}`]: [],
      [`talk${foreign.conversationId}`]: ['foreignManager'],
      kefu987654: [],
      talk987654: [],
      'user-1': [],
    };
    for (const [name, may] of Object.entries(listeners)) {
      for (const prefix of ['private-', '', 'private-encrypted-', 'presence-']) {
        const channel_name = prefix + name;
        const signed = await Promise.all(
          ACTORS.map(async (actor) => {
            const { status } = await callers[actor].form('/pusher/auth', { socket_id: '1.2', channel_name });
            return { actor, status };
          }),
        );
        const expected = ACTORS.map((actor) => {
          return { actor, status: prefix === 'private-' && may.includes(actor) ? 200 : 403 };
        });
        expect({ channel_name, signed }).toEqual({ channel_name, signed: expected });
      }
    }
  });
});

const oneOf = (...expected: number[]) => expect.toBeOneOf(expected) as number;

/** Pages have a new one each time. */
function withoutNonce(body: unknown): unknown {
  return typeof body === 'string' ? body.replaceAll(/nonce="[^"]*"/g, '') : body;
}
