import Pusher from 'pusher';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../test-support/redis.ts';
import { openClient8, once } from '../official-clients/clients.ts';
import { APP } from '../start.ts';
import { Balancer } from './balancer.ts';
import { usersOn, webhooksSettled } from './life/life.ts';
import { Nodes } from './nodes.ts';
import { poll } from './poll.ts';

const CLIENTS = 24;
const GRACE_MS = 2_000;
/** For a busy machine; the closes themselves are spread over the grace. */
const LATE_MS = 6_000;
/** Each client's own gap has to be shorter. */
const DELAY_MS = 3_000;
const BETWEEN_EVENTS_MS = 10;
const room = 'presence-room';

type Client = ReturnType<typeof openClient8>;

describe.skipIf(redisIsMissing)('one of two nodes is stopped under load', () => {
  let redis: RedisServer;
  let nodes: Nodes;
  let balancer: Balancer;
  const clients: Client[] = [];

  beforeEach(async () => {
    redis = await startRedis();
    const env = { PUSHER_SHUTDOWN_GRACE_MS: String(GRACE_MS) };
    nodes = await Nodes.open({ redisPort: redis.port, webhookDelayMs: DELAY_MS, env });
    balancer = await Balancer.before([nodes.port(0), nodes.port(1)]);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await nodes.close();
    await balancer.close();
    await redis.stop();
  });

  const enter = async (user: string) => {
    const [host, port] = ['127.0.0.1', String(balancer.port)];
    const rest = new Pusher({ appId: APP.id, key: APP.key, secret: APP.secret, host, port, useTLS: false });
    const client = openClient8({ rest, user, port: balancer.port });
    clients.push(client);
    const channel = client.subscribe(room);
    await once(channel, 'pusher:subscription_succeeded');
    return { client, channel };
  };

  it('K96, L6: every client is on the other within the grace, and no webhook tells of a flap', async () => {
    const users = Array.from({ length: CLIENTS }, (_, index) => `user-${String(index).padStart(2, '0')}`);
    const guests = await Promise.all(users.map((user) => enter(user)));
    for (const user of users) await nodes.receiver.hears(`member_added ${room} ${user}`);
    const leaving = await nodes.metric(0, 'connected');
    expect(leaving).toBeGreaterThan(CLIENTS / 4);
    let heard = 0;
    for (const { channel } of guests) channel.bind('tick', () => (heard += 1));
    const moved = guests.map(({ client, channel }) => {
      const before = client.connection.socket_id;
      return once(channel, 'pusher:subscription_succeeded').then(() => client.connection.socket_id !== before);
    });

    let isOver = false;
    const load = (async () => {
      for (let number = 0; !isOver; number += 1) {
        expect(await nodes.trigger(1, room, String(number), {}, 'tick')).toBe(200);
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_EVENTS_MS));
      }
    })();
    // Awaited below, when everybody has moved.
    load.catch(() => undefined);
    let movers = 0;
    for (const move of moved) void move.then((isElsewhere) => (movers += Number(isElsewhere)));
    const exit = nodes.process(0).stop();
    const states = () => guests.map(({ client }) => client.connection.state).filter((state) => state !== 'connected');
    await poll(() => ({ movers, states: states() }), { timeout: GRACE_MS + LATE_MS }).toEqual({
      movers: leaving,
      states: [],
    });
    expect(await exit).toBe(0);
    isOver = true;
    await load;
    expect(heard).toBeGreaterThan(0);

    expect(await usersOn(nodes, 1, room)).toEqual(users);
    await webhooksSettled(nodes, room, 1);
    const told = nodes.receiver.of(room).toSorted();
    expect(told).toEqual(['channel_occupied', ...users.map((user) => `member_added ${user}`)].toSorted());
    expect(nodes.receiver.repetitions.map(({ body }) => body)).toEqual([]);
  });
});
