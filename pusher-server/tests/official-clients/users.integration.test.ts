import type { PresenceChannel } from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SIGNING_CLIENTS, codeOf, joined, once, type SigningClient } from './clients.ts';
import { Room, restLibrary } from './room.ts';

let room: Room;
beforeEach(async () => {
  room = await Room.open();
});
afterEach(() => room.close());

async function signedIn(client: SigningClient): Promise<SigningClient> {
  client.signin();
  await client.user.signinDonePromise;
  return client;
}

/**
 * Sends to a user until it is heard: the client subscribes to its own channel after the sign-in and tells nobody when
 * that is done.
 */
async function reaches(client: SigningClient, user: string): Promise<unknown> {
  const heard = once(client.user, 'hello');
  const again = setInterval(() => void room.rest.sendToUser(user, 'hello', { to: user }), 20);
  try {
    return await heard;
  } finally {
    clearInterval(again);
  }
}

describe.each(SIGNING_CLIENTS)('pusher-js $version', ({ open }) => {
  it('U1, U4: signs in, and sendToUser reaches every tab of that user and nobody else', async () => {
    const tabs = [await signedIn(room.enter(open, 'ann')), await signedIn(room.enter(open, 'ann'))];
    const bob = await signedIn(room.enter(open, 'bob'));
    let strays = 0;
    bob.user.bind('hello', () => (strays += 1));
    expect(tabs[0]?.user.user_data).toEqual({ id: 'ann', user_info: { name: 'ann' } });
    expect(await Promise.all(tabs.map((tab) => reaches(tab, 'ann')))).toEqual([{ to: 'ann' }, { to: 'ann' }]);
    expect(strays).toBe(0);
    await reaches(bob, 'bob');
  });

  it('U2: a sign-in that another secret signed is an error, and the connection stays', async () => {
    const ann = room.enter(open, 'ann', { rest: restLibrary(room.port, 'wrong') });
    const error = once(ann.connection, 'error');
    ann.signin();
    expect(codeOf(await error)).toBe(4009);
    await joined(ann, 'news');
    expect(ann.connection.state).toBe('connected');
  });

  it('P3: a signed-in client joins a presence channel without channel_data', async () => {
    const ann = room.enter(open, 'ann', { joinsAsSignedIn: true });
    ann.signin();
    const channel = (await joined(ann, 'presence-room')) as unknown as PresenceChannel;
    expect(channel.members.me).toEqual({ id: 'ann', info: { name: 'ann' } });
  });

  it('U5: terminateUserConnections ends the user’s connections for good', async () => {
    const ann = await signedIn(room.enter(open, 'ann'));
    const bob = await signedIn(room.enter(open, 'bob'));
    const gone = once(ann.connection, 'disconnected');
    expect((await room.rest.terminateUserConnections('ann')).status).toBe(200);
    await gone;
    expect(bob.connection.state).toBe('connected');
  });

  it('U5: with reconnect=true they come back, signed in and with their channels', async () => {
    const ann = await signedIn(room.enter(open, 'ann'));
    const news = await joined(ann, 'news');
    const before = ann.connection.socket_id;
    const back = once(news, 'pusher:subscription_succeeded');
    const path = '/users/ann/terminate_connections';
    await room.rest.post({ path, body: '', params: { reconnect: 'true' } });
    await back;
    expect(ann.connection.socket_id).not.toBe(before);
    expect(await reaches(ann, 'ann')).toEqual({ to: 'ann' });
  });
});
