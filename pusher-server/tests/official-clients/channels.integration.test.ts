import type { PresenceChannel } from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENTS, SIGNING_CLIENTS, joined, once } from './clients.ts';
import { Room, restLibrary } from './room.ts';

let room: Room;

beforeEach(async () => {
  room = await Room.open({ enableSubscriptionCount: true });
});
afterEach(() => room.close());

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
const CACHES = EVERY_KIND.filter((name) => name.includes('cache-'));
const TAKING_CLIENT_EVENTS = ['private-a', 'private-cache-a', 'presence-a', 'presence-cache-a'];

describe.each(CLIENTS)('pusher-js $version', ({ open }) => {
  it.each(EVERY_KIND)('N1, S1, H8: joins %s and hears what the library triggers', async (name) => {
    const channel = await joined(room.enter(open, 'ann'), name);
    const heard = once(channel, 'hello');
    expect((await room.rest.trigger(name, 'hello', { text: '客服', n: 1, deep: [null, { a: true }] })).status).toBe(
      200,
    );
    expect(await heard).toEqual({ text: '客服', n: 1, deep: [null, { a: true }] });
  });

  it('H8: the sender is left out by its socket id', async () => {
    const [ann, bob] = [room.enter(open, 'ann'), room.enter(open, 'bob')];
    const [mine, theirs] = [await joined(ann, 'news'), await joined(bob, 'news')];
    const [heardByAnn, heardByBob] = [once(mine, 'hello'), once(theirs, 'hello')];
    await room.rest.trigger('news', 'hello', 'from ann', { socket_id: ann.connection.socket_id });
    expect(await heardByBob).toBe('from ann');
    await room.rest.trigger('news', 'hello', 'to all');
    expect(await heardByAnn).toBe('to all');
  });

  it.each(CACHES)('S10: %s tells that it has nothing, then its last event', async (name) => {
    const ann = room.enter(open, 'ann');
    await once(ann.subscribe(name), 'pusher:cache_miss');
    await room.rest.trigger(name, 'rate', { n: 1 });
    await room.rest.trigger(name, 'rate', { n: 2 });
    const channel = room.enter(open, 'bob').subscribe(name);
    expect(await once(channel, 'rate')).toEqual({ n: 2 });
  });

  it('P1, P5: presence members come and go, a second tab is nobody new', async () => {
    const ann = (await joined(room.enter(open, 'ann'), 'presence-room')) as unknown as PresenceChannel;
    const seen: string[] = [];
    ann.bind('pusher:member_added', ({ id }: { id: string }) => seen.push(`+${id}`));
    ann.bind('pusher:member_removed', ({ id }: { id: string }) => seen.push(`-${id}`));
    const [first, second] = [room.enter(open, 'bob'), room.enter(open, 'bob')];
    const bob = (await joined(first, 'presence-room')) as unknown as PresenceChannel;
    await joined(second, 'presence-room');
    expect(bob.members.count).toBe(2);
    expect(bob.members.me).toEqual({ id: 'bob', info: { name: 'bob' } });
    expect(bob.members.get('ann')).toEqual({ id: 'ann', info: { name: 'ann' } });

    first.disconnect();
    const removed = once(ann, 'pusher:member_removed');
    second.disconnect();
    expect(await removed).toEqual({ id: 'bob', info: { name: 'bob' } });
    expect(ann.members.count).toBe(1);
    expect(seen).toEqual(['+bob', '-bob']);
  });

  it.each(TAKING_CLIENT_EVENTS)('E1, E5, E6: client events on %s reach the others as they were sent', async (name) => {
    const ann = await joined(room.enter(open, 'ann'), name);
    const bob = await joined(room.enter(open, 'bob'), name);
    const heard: unknown[] = [];
    const who: unknown[] = [];
    bob.bind('client-typing', (data, metadata) => {
      heard.push(data);
      who.push((metadata as { user_id?: string }).user_id);
    });
    ann.bind('client-typing', () => heard.push('echo'));
    const values = [{ on: true }, [1, null], 'text', 7, false];
    for (const value of values) ann.trigger('client-typing', value);
    const last = once(bob, 'client-last');
    ann.trigger('client-last', null);
    await last;
    expect(heard).toEqual(values);
    expect(new Set(who)).toEqual(new Set([name.startsWith('presence-') ? 'ann' : undefined]));
  });

  it('S1, S7: an unsubscribed channel is silent, and can be joined again', async () => {
    const ann = room.enter(open, 'ann');
    const before = await joined(ann, 'news');
    let heard = 0;
    before.bind('hello', () => (heard += 1));
    ann.unsubscribe('news');
    await joined(ann, 'other');
    await room.rest.trigger('news', 'hello', 'unheard');
    const again = await joined(ann, 'news');
    const hello = once(again, 'hello');
    await room.rest.trigger('news', 'hello', 'heard');
    expect(await hello).toBe('heard');
    expect(heard).toBe(before === again ? 1 : 0);
  });

  it('S3: an authorisation that another secret signed is refused on the channel, and nothing else is', async () => {
    const ann = room.enter(open, 'ann', { rest: restLibrary(room.port, 'wrong') });
    const refused = once(ann.subscribe('private-a'), 'pusher:subscription_error');
    expect(await refused).toMatchObject({ type: 'AuthError', status: 401 });
    await joined(ann, 'news');
    expect(ann.connection.state).toBe('connected');
  });

  it('N2, S2: a name that is none is refused on the channel', async () => {
    const channel = room.enter(open, 'ann').subscribe('two words');
    expect(await once(channel, 'pusher:subscription_error')).toMatchObject({ type: 'InvalidName', status: 400 });
  });
});

describe.each(SIGNING_CLIENTS)('pusher-js $version, which counts', ({ open }) => {
  it('S11: subscribers hear how many they are', async () => {
    const channel = await joined(room.enter(open, 'ann'), 'news');
    const two = once(channel, 'pusher:subscription_count');
    await joined(room.enter(open, 'bob'), 'news');
    expect(await two).toEqual({ subscription_count: 2 });
  });
});
