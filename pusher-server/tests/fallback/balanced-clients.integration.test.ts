import type Pusher from 'pusher';
import type { PresenceChannel } from 'pusher-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../test-support/redis.ts';
import { Nodes } from '../cluster/nodes.ts';
import { joined, once, openClient8, type Client } from '../official-clients/clients.ts';
import { restLibrary } from '../official-clients/room.ts';
import { RequestBalancer } from './request-balancer.ts';

describe.skipIf(redisIsMissing).each(['xhr_streaming', 'xhr_polling'] as const)(
  'pusher-js 8.6 over %s, each request at another process',
  (transport) => {
    let redis: RedisServer;
    let nodes: Nodes;
    let balancer: RequestBalancer;
    let rest: readonly Pusher[];
    const clients: Client[] = [];

    beforeEach(async () => {
      redis = await startRedis();
      nodes = await Nodes.open({ redisPort: redis.port, app: { enableClientMessages: true } });
      balancer = await RequestBalancer.before([nodes.port(0), nodes.port(1)]);
      rest = [0, 1].map((node) => restLibrary(nodes.port(node)));
    });
    afterEach(async () => {
      for (const client of clients.splice(0)) client.disconnect();
      await balancer.close();
      await nodes.close();
      await redis.stop();
    });

    const library = (node: number) => rest[node] ?? restLibrary(nodes.port(node));
    const enter = (user: string) => {
      const client = openClient8({ rest: library(0), user, port: balancer.port, transport });
      clients.push(client);
      return client;
    };

    it('K70, K71: joins, hears and speaks, and loses nothing', async () => {
      const [ann, bob] = [enter('ann'), enter('bob')];
      const hers = (await joined(ann, 'presence-room')) as unknown as PresenceChannel;
      const added = once(hers, 'pusher:member_added');
      const his = (await joined(bob, 'presence-room')) as unknown as PresenceChannel;
      expect(await added).toEqual({ id: 'bob', info: { name: 'bob' } });
      expect([hers.members.count, his.members.count]).toEqual([2, 2]);
      for (const number of [1, 2, 3, 4]) {
        const [from, to] = number % 2 === 0 ? [hers, his] : [his, hers];
        const heard = once(to, 'client-typing');
        from.trigger('client-typing', { number });
        expect(await heard).toEqual({ number });
      }
      const numbers: number[] = [];
      const all = new Promise<void>((resolve) => {
        his.bind('n', ([number]: [number]) => {
          numbers.push(number);
          if (numbers.length === 300) resolve();
        });
      });
      // More than one response holds, all from one node: so they come in its order.
      const padding = 'é'.repeat(1_000);
      for (let number = 0; number < 300; number++) await library(1).trigger('presence-room', 'n', [number, padding]);
      await all;
      expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => index));

      ann.signin();
      await ann.user.signinDonePromise;
      const gone = once(ann.connection, 'disconnected');
      const removed = once(his, 'pusher:member_removed');
      await library(1).terminateUserConnections('ann');
      await gone;
      expect(await removed).toMatchObject({ id: 'ann' });
      const receiving = balancer.counts.get(transport === 'xhr_polling' ? 'xhr' : transport) ?? [];
      for (const counts of [receiving, balancer.counts.get('xhr_send') ?? []]) {
        expect(Math.min(...counts)).toBeGreaterThan(0);
      }
    });

    it('K74: comes back by itself after a process was killed, whichever had the session', async () => {
      const channels = await Promise.all(['ann', 'bob', 'cid'].map((user) => joined(enter(user), 'presence-room')));
      const hears = (name: string) => Promise.all(channels.map((channel) => once(channel, name)));
      await nodes.process(0).kill9();
      const everybody = channels.map((channel) => (channel as unknown as PresenceChannel).members);
      const trigger = () => library(1).trigger('presence-room', 'back', 'x');
      let isHeard = false;
      void hears('back').then(() => (isHeard = true));
      await expect.poll(() => trigger().then(() => isHeard), { timeout: 20_000, interval: 250 }).toBe(true);
      await expect
        .poll(
          () =>
            everybody.map((members) =>
              Object.keys(members.members as object)
                .sort()
                .join(),
            ),
          { timeout: 8_000 },
        )
        .toEqual(Array.from({ length: 3 }, () => 'ann,bob,cid'));
    });
  },
);
