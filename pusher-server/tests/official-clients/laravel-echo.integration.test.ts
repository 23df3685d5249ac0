import Echo from 'laravel-echo';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP } from '../start.ts';
import { openClient8, type Identity } from './clients.ts';
import { Room, restLibrary } from './room.ts';

let room: Room;
beforeEach(async () => {
  room = await Room.open();
});
afterEach(() => room.close());

const key = APP.key;
const namespace = 'App.Events';

/** Laravel's client on top of pusher-js, as a page of that user makes it. */
function echo(user: string, more: Partial<Identity> = {}) {
  return new Echo({ broadcaster: 'pusher', client: room.enter(openClient8, user, more), key, namespace });
}

/** The same, as a page that was made for Laravel's own server. */
function reverbEcho(user: string) {
  return new Echo({ broadcaster: 'reverb', client: room.enter(openClient8, user), key, namespace });
}

type Listening = { subscribed(callback: () => void): unknown };

function subscribed<Channel extends Listening>(channel: Channel): Promise<Channel> {
  return new Promise((resolve) => channel.subscribed(() => resolve(channel)));
}

describe.each([
  { broadcaster: 'pusher', open: echo },
  { broadcaster: 'reverb', open: reverbEcho },
])('laravel-echo as $broadcaster', ({ open }) => {
  it('S1, H8: public, private and encrypted channels hear broadcast events', async () => {
    const page = open('ann');
    const channels = {
      orders: await subscribed(page.channel('orders')),
      'private-orders': await subscribed(page.private('orders')),
      'private-encrypted-orders': await subscribed(page.encryptedPrivate('orders')),
    };
    for (const [name, channel] of Object.entries(channels)) {
      const heard = new Promise((resolve) => channel.listen('OrderShipped', resolve));
      const named = new Promise((resolve) => channel.listen('.shipped', resolve));
      // Laravel broadcasts a class under its whole name, or under the one that broadcastAs() gives.
      await room.rest.trigger(name, 'App\\Events\\OrderShipped', { id: 7 });
      await room.rest.trigger(name, 'shipped', { id: 8 });
      expect([await heard, await named]).toEqual([{ id: 7 }, { id: 8 }]);
    }
  });
});

describe('laravel-echo', () => {
  it('P1, P5: here, joining and leaving', async () => {
    const ann = echo('ann').join('room');
    const here = await new Promise((resolve) => ann.here(resolve));
    expect(here).toEqual([{ name: 'ann' }]);
    const joining = new Promise((resolve) => ann.joining(resolve));
    const leaving = new Promise((resolve) => ann.leaving(resolve));
    const page = echo('bob');
    await subscribed(page.join('room'));
    expect(await joining).toEqual({ name: 'bob' });
    page.leave('room');
    expect(await leaving).toEqual({ name: 'bob' });
  });

  it('E1: whispers reach the others', async () => {
    const ann = await subscribed(echo('ann').private('chat'));
    const bob = await subscribed(echo('bob').private('chat'));
    const heard = new Promise((resolve) => bob.listenForWhisper('typing', resolve));
    ann.whisper('typing', { name: 'Ann' });
    expect(await heard).toEqual({ name: 'Ann' });
  });

  it('S3: error() hears a refusal', async () => {
    const page = echo('ann', { rest: restLibrary(room.port, 'wrong') });
    const refused = await new Promise((resolve) => page.private('orders').error(resolve));
    expect(refused).toMatchObject({ type: 'AuthError', status: 401 });
  });

  it('H8: toOthers leaves the sender out by its socket id', async () => {
    const [mine, theirs] = [echo('ann'), echo('bob')];
    const heard: string[] = [];
    const ann = await subscribed(mine.channel('orders'));
    const bob = await subscribed(theirs.channel('orders'));
    ann.listen('.one', () => heard.push('one'));
    const atBob = new Promise((resolve) => bob.listen('.one', resolve));
    const last = new Promise((resolve) => ann.listen('.last', resolve));
    await room.rest.trigger('orders', 'one', {}, { socket_id: mine.socketId() ?? '' });
    await atBob;
    await room.rest.trigger('orders', 'last', {});
    await last;
    expect(heard).toEqual([]);
  });
});
