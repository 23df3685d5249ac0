import type { PresenceChannel } from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENTS, SIGNING_CLIENTS, joined, once, type Client } from '../official-clients/clients.ts';
import { Room } from '../official-clients/room.ts';

const TRANSPORTS = ['xhr_streaming', 'xhr_polling'] as const;
const everyWay = <Version>(versions: readonly Version[]) =>
  TRANSPORTS.flatMap((transport) => versions.map((version) => ({ transport, ...version })));

const EVERY_KIND = [
  'news',
  'cache-news',
  'private-a',
  'private-cache-a',
  'private-encrypted-a',
  'private-encrypted-cache-a',
  'presence-a',
  'presence-cache-a',
];

let room: Room;

beforeEach(async () => {
  room = await Room.open({ enableSubscriptionCount: true });
});
afterEach(() => room.close());

describe.each(everyWay(CLIENTS))('pusher-js $version over $transport', ({ open, transport }) => {
  const enter = (user: string) => room.enter(open, user, { transport });

  it('T1, S1, H8: joins channels of every kind and hears what the library triggers', async () => {
    const ann = enter('ann');
    for (const name of EVERY_KIND) {
      const channel = await joined(ann, name);
      const heard = once(channel, 'hello');
      await room.rest.trigger(name, 'hello', { text: '客服', n: 1, deep: [null, { a: true }] });
      expect(await heard).toEqual({ text: '客服', n: 1, deep: [null, { a: true }] });
    }
  });

  it('S10: a cache channel tells its last event', async () => {
    await room.rest.trigger('cache-news', 'rate', { n: 2 });
    expect(await once(enter('bob').subscribe('cache-news'), 'rate')).toEqual({ n: 2 });
  });

  it('P1, P5, T9: presence members come and go', async () => {
    const ann = (await joined(enter('ann'), 'presence-room')) as unknown as PresenceChannel;
    const added = once(ann, 'pusher:member_added');
    const bob = enter('bob');
    const his = (await joined(bob, 'presence-room')) as unknown as PresenceChannel;
    expect(await added).toEqual({ id: 'bob', info: { name: 'bob' } });
    expect([ann.members.count, his.members.count]).toEqual([2, 2]);
    const removed = once(ann, 'pusher:member_removed');
    bob.disconnect();
    expect(await removed).toMatchObject({ id: 'bob' });
  });

  it('E1, E6: client events go both ways between this transport and WebSockets', async () => {
    const ann = await joined(enter('ann'), 'presence-room');
    const bob = await joined(room.enter(open, 'bob'), 'presence-room');
    const heardByBob = once(bob, 'client-typing');
    ann.trigger('client-typing', { on: true });
    expect(await heardByBob).toEqual({ on: true });
    const heardByAnn = once(ann, 'client-typing');
    bob.trigger('client-typing', { on: false });
    expect(await heardByAnn).toEqual({ on: false });
  });

  it('S7: leaves a channel and joins it again', async () => {
    const ann = enter('ann');
    const watcher = await joined(room.enter(open, 'bob'), 'presence-room');
    await joined(ann, 'presence-room');
    const removed = once(watcher, 'pusher:member_removed');
    ann.unsubscribe('presence-room');
    await removed;
    await joined(ann, 'presence-room');
  });

  it('T2, C5: a refusal is final', async () => {
    const ann = room.enter(open, 'ann', { transport, key: 'nobody' });
    const code = new Promise((resolve) => {
      ann.connection.bind('error', (error) =>
        resolve((error as { error: { data: { code: number } } }).error.data.code),
      );
    });
    expect(await code).toBe(4001);
    expect(ann.connection.state).toBe('disconnected');
  });

  it('T5: hears more than one response holds, all of it and in order', async () => {
    const channel = await joined(enter('ann'), 'news');
    const numbers: number[] = [];
    const all = new Promise<void>((resolve) => {
      channel.bind('n', (data) => {
        const [number = -1] = data as [number];
        numbers.push(number);
        if (number === 99) resolve();
      });
    });
    const padding = 'é'.repeat(4_500);
    for (let number = 0; number < 100; number++) await room.rest.trigger('news', 'n', [number, padding]);
    await all;
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
});

describe.each(everyWay(SIGNING_CLIENTS))('pusher-js $version over $transport, as a user', ({ open, transport }) => {
  it('U1, U4: signs in and hears its own events', async () => {
    const ann = room.enter(open, 'ann', { transport });
    ann.signin();
    await ann.user.signinDonePromise;
    expect(ann.user.user_data).toMatchObject({ id: 'ann' });
    await expect.poll(() => serverToUserIsHeard(ann)).toBe(true);
  });

  it('U5, T8: is ended by its app for good', async () => {
    const ann = room.enter(open, 'ann', { transport });
    ann.signin();
    await ann.user.signinDonePromise;
    const gone = once(ann.connection, 'disconnected');
    await room.rest.terminateUserConnections('ann');
    await gone;
  });

  it('S11: hears how many subscribers a channel has', async () => {
    const channel = await joined(room.enter(open, 'ann', { transport }), 'news');
    const counted = once(channel, 'pusher:subscription_count');
    await joined(room.enter(open, 'bob', { transport }), 'news');
    expect(await counted).toEqual({ subscription_count: 2 });
  });
});

/** The client subscribes to its own channel after the sign-in and tells nobody when it has. */
async function serverToUserIsHeard(client: Client & { readonly user: Parameters<typeof once>[0] }): Promise<boolean> {
  const heard = once(client.user, 'hello').then(() => true);
  await room.rest.sendToUser('ann', 'hello', { n: 1 });
  return Promise.race([heard, new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200))]);
}

describe.each(TRANSPORTS)('pusher-js 8.6 over %s, silent', (transport) => {
  const [newest] = SIGNING_CLIENTS;

  it('C9, T3: lives on by pings of both sides', async () => {
    await room.close();
    room = await Room.open({}, { activityTimeout: 1, pongTimeout: 1 });
    if (newest === undefined) throw new Error('there is no client');
    const ann = room.enter(newest.open, 'ann', { transport });
    await once(ann.connection, 'connected');
    const states: unknown[] = [];
    ann.connection.bind('state_change', (change) => states.push(change));
    // More than twice what would have closed it, had it been silent.
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    expect(states).toEqual([]);
  });
});
