import { describe, expect, it } from 'vitest';
import { startRedisMasters } from '../../../test-support/redis-cluster.ts';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { livedOn, ORDINARY_LIFE, usersOn, webhooksSettled } from './life/life.ts';
import { ordinaryLife } from './life/ordinary-life.ts';
import { LEASE_MS, Nodes } from './nodes.ts';
import { PresenceView } from './presence-view.ts';
import { poll } from './poll.ts';

const HEALED = { timeout: LEASE_MS + 10_000, interval: 50 };

describe.skipIf(redisIsMissing)('K97: two nodes with a Redis Cluster of three masters', () => {
  const life = livedOn(async () => {
    const redis = await startRedisMasters();
    const nodes = await Nodes.open({ ...ORDINARY_LIFE, redisUrl: redis.url });
    const close = async () => {
      await nodes.close();
      await redis.drop();
    };
    return { nodes, close };
  });
  ordinaryLife(life);
});

describe.skipIf(redisIsMissing)('one of three masters', () => {
  it('K97, K92: falls and comes back empty: the nodes tell it what they hold, and nobody notices', async () => {
    const redis = await startRedisMasters();
    const nodes = await Nodes.open({ redisUrl: redis.url, webhookDelayMs: 200 });
    try {
      // Enough of them that each master has some, all but surely.
      const rooms = Array.from({ length: 9 }, (_, index) => `presence-${String(index)}`);
      const [ann, bob, cid] = [await nodes.guest(0), await nodes.guest(1), await nodes.guest(0)];
      const views = rooms.map((room) => new PresenceView(bob, room));
      for (const room of rooms) {
        await bob.join(room, 'bob');
        await ann.join(room, 'ann');
        await nodes.receiver.hears(`member_added ${room} ann`);
      }
      await redis.masters[1]?.kill9();
      await redis.masters[1]?.start();

      for (const room of rooms) {
        await poll(() => cid.join(room, 'cid'), HEALED).toBe('ann,bob,cid');
        await poll(() => usersOn(nodes, 1, room), HEALED).toEqual(['ann', 'bob', 'cid']);
      }
      for (const view of views) {
        await poll(() => view.members, HEALED).toBe('ann,bob,cid');
        expect(view.changes.filter((change) => change !== 'added ann')).toEqual(['added cid']);
        expect(view.faults).toEqual([]);
      }
      for (const room of rooms) {
        await nodes.receiver.hears(`member_added ${room} cid`);
        await webhooksSettled(nodes, room, 1);
        expect(nodes.receiver.of(room).toSorted()).toEqual(
          ['channel_occupied', ...['ann', 'bob', 'cid'].map((user) => `member_added ${user}`)].toSorted(),
        );
      }
    } finally {
      await nodes.close();
      await redis.drop();
    }
  });
});
