import { afterEach, describe, expect, it } from 'vitest';
import { CLIENTS, codeOf, joined, once } from './clients.ts';
import { Room } from './room.ts';

describe.each(CLIENTS)('pusher-js $version', ({ open }) => {
  let room: Room;
  afterEach(() => room.close());

  it('C2, C5: an unknown key is told, and the client gives up', async () => {
    room = await Room.open();
    const { connection } = room.enter(open, 'ann', { key: 'nobody' });
    const [error] = await Promise.all([once(connection, 'error'), once(connection, 'disconnected')]);
    expect(codeOf(error)).toBe(4001);
  });

  it('C2, C5: a disabled app and one that is over its quota are told', async () => {
    room = await Room.open({ enabled: false });
    expect(codeOf(await once(room.enter(open, 'ann').connection, 'error'))).toBe(4003);
    await room.close();
    room = await Room.open({ maxConnections: 1 });
    await once(room.enter(open, 'ann').connection, 'connected');
    const { connection } = room.enter(open, 'bob');
    const [error] = await Promise.all([once(connection, 'error'), once(connection, 'disconnected')]);
    expect(codeOf(error)).toBe(4004);
  });

  it('E4: too many client events are an error, and the connection stays', async () => {
    room = await Room.open({ maxClientEventsPerSecond: 2 });
    const ann = room.enter(open, 'ann');
    const channel = await joined(ann, 'private-a');
    const error = once(ann.connection, 'error');
    for (let n = 0; n < 3; n += 1) channel.trigger('client-x', { n });
    expect(codeOf(await error)).toBe(4301);
    await joined(ann, 'news');
    expect(ann.connection.state).toBe('connected');
  });
});

// Side by side: a client that found no server at once waits a quarter of a minute.
describe.concurrent.each(CLIENTS)('pusher-js $version', ({ open }) => {
  it('L6: after 4200 it comes back by itself and has every channel again', async () => {
    const own = await Room.open();
    try {
      const ann = own.enter(open, 'ann');
      const names = ['news', 'private-a', 'private-encrypted-a', 'presence-a'];
      const channels = [];
      for (const name of names) channels.push(await joined(ann, name));
      const before = ann.connection.socket_id;
      const back = channels.map((channel) => once(channel, 'pusher:subscription_succeeded'));
      await own.replaceServer();
      await Promise.all(back);
      expect(ann.connection.socket_id).not.toBe(before);
      for (const [index, channel] of channels.entries()) {
        const heard = once(channel, 'hello');
        await own.rest.trigger(names[index] ?? '', 'hello', { again: index });
        expect(await heard).toEqual({ again: index });
      }
    } finally {
      await own.close();
    }
  });
});
