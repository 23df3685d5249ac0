import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { Receiver } from '../cluster/receiver.ts';
import { openClient8, once, type ClientChannel } from '../official-clients/clients.ts';
import { restLibrary } from '../official-clients/room.ts';
import { APP, signedUrl } from '../start.ts';
import { Crew } from './crew.ts';

const USERS = Array.from({ length: 24 }, (_, index) => `user-${String(index).padStart(2, '0')}`);
const ROOM = 'presence-room';
const GRACE_MS = 1_000;

interface Guest {
  readonly client: ReturnType<typeof openClient8>;
  readonly channel: ClientChannel;
}

/** Official clients in one presence channel, spread over two workers as the system spreads them. */
describe.skipIf(redisIsMissing)('clients of several workers', () => {
  let receiver: Receiver;
  let crew: Crew;
  let guests: readonly Guest[] = [];

  beforeEach(async () => {
    receiver = await Receiver.open();
    crew = await Crew.open({
      apps: [{ ...APP, webhooks: [{ url: receiver.url }] }],
      env: {
        PUSHER_SHUTDOWN_GRACE_MS: String(GRACE_MS),
        PUSHER_WEBHOOK_BATCH_MS: '10',
        // With the lease longer than a client stays away: a second, when its connection was cut.
        PUSHER_WEBHOOK_DELAY_MS: '1500',
        PUSHER_NODE_LEASE_MS: '1500',
      },
    });
    guests = await Promise.all(USERS.map(enter));
    await receiver.until(() => receiver.of(ROOM).length > USERS.length);
  });
  afterEach(async () => {
    for (const { client } of guests) client.disconnect();
    expect(await crew.close()).toBe(0);
    await receiver.close();
  });

  const enter = async (user: string): Promise<Guest> => {
    const client = openClient8({ rest: restLibrary(crew.port), user, port: crew.port });
    const channel = client.subscribe(ROOM);
    await once(channel, 'pusher:subscription_succeeded');
    return { client, channel };
  };

  /** Resolves when so many of them have been subscribed on a new connection. */
  const cameBack = (count: () => number) => {
    let returned = 0;
    for (const { channel } of guests) channel.bind('pusher:subscription_succeeded', () => (returned += 1));
    return expect.poll(() => returned - count(), { timeout: 10_000, interval: 20 }).toBe(0);
  };

  const everybodySeesEverybody = async () => {
    await expect.poll(() => guests.map(({ channel }) => membersOf(channel))).toEqual(guests.map(() => USERS));
    // Not on a connection that was kept: it may end with the worker that held it.
    const headers = { Connection: 'close' };
    const found = await fetch(signedUrl(crew.port, 'GET', `/channels/${ROOM}/users`), { headers });
    const { users } = z.object({ users: z.array(z.object({ id: z.string() })) }).parse(await found.json());
    expect(users.map(({ id }) => id).toSorted()).toEqual(USERS);
  };

  /** What had to be told when they came, and nothing after it, until what is told late of that time has been told. */
  const toldOnce = async () => {
    const passer = openClient8({ rest: restLibrary(crew.port), user: 'passer', port: crew.port });
    await once(passer.subscribe('passage'), 'pusher:subscription_succeeded');
    passer.disconnect();
    await receiver.hears('channel_vacated passage');
    expect(receiver.of(ROOM).toSorted()).toEqual(['channel_occupied', ...USERS.map((user) => `member_added ${user}`)]);
  };

  const triggered = async () => {
    const heard = Promise.all(guests.map(({ channel }) => once(channel, 'news')));
    const body = JSON.stringify({ name: 'news', channel: ROOM, data: 'x' });
    const headers = { Connection: 'close' };
    await fetch(signedUrl(crew.port, 'POST', '/events', { body }), { method: 'POST', body, headers });
    return (await heard).length;
  };

  it('K83: those of a worker that is killed are back on the other, and nobody has left', async () => {
    const { 1: lost = 0, 2: kept = 0 } = await crew.metric('connected');
    expect([lost + kept, lost > 0, kept > 0]).toEqual([USERS.length, true, true]);
    expect(await triggered()).toBe(USERS.length);
    const back = cameBack(() => lost);
    process.kill(crew.pid(1), 'SIGKILL');
    await back;
    await everybodySeesEverybody();
    expect(await triggered()).toBe(USERS.length);
    await expect.poll(() => crew.readiness(), { timeout: 10_000 }).toEqual([200]);
    expect(Object.values(await crew.metric('connected')).reduce((sum, value) => sum + value)).toBe(USERS.length);
    await toldOnce();
  });

  it('K87: workers that are stopped one after the other lose nobody, and nobody has left', async () => {
    for (const worker of [1, 2]) {
      const moving = (await crew.metric('connected'))[worker] ?? 0;
      const back = cameBack(() => moving);
      const startedAt = performance.now();
      process.kill(crew.pid(worker), 'SIGTERM');
      await back;
      expect(performance.now() - startedAt).toBeLessThan(GRACE_MS + 500);
      await everybodySeesEverybody();
      await expect.poll(() => crew.pids(worker).length, { timeout: 10_000 }).toBe(2);
      await expect.poll(() => crew.readiness()).toEqual([200]);
    }
    expect(await triggered()).toBe(USERS.length);
    await toldOnce();
  });
});

const membersSchema = z.object({ members: z.object({ members: z.record(z.string(), z.unknown()) }) });

/** The members that a client's own channel object has. */
function membersOf(channel: ClientChannel): string[] {
  return Object.keys(membersSchema.parse(channel).members.members).toSorted();
}
