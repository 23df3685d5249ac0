import { describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import type { RedisServer } from '../../../test-support/redis.ts';
import { APP } from '../start.ts';
import { readLedger } from './ledger.ts';
import { usersOn, webhooksSettled } from './life/life.ts';
import { BUSY_TEST_MS, LEASE_MS, PATIENCE_MS, type Nodes } from './nodes.ts';
import { onNodes } from './on-nodes.ts';
import { present, ROOM } from './presence-view.ts';
import { poll } from './poll.ts';

/** A link that is held is noticed when a command takes too long. */
const HEALED = { timeout: LEASE_MS + 6_000, interval: 20 };

describe.skipIf(redisIsMissing)('a node is cut off from Redis', { concurrent: true, timeout: BUSY_TEST_MS }, () => {
  /** People come and go on both sides of a broken link; afterwards all of them believe the same, which is true. */
  const liveApart = async (nodes: Nodes, redis: RedisServer, breakIt: () => void, forLongerThanTheLease: boolean) => {
    const [ann, leaver] = [await present(nodes, 0, 'ann'), await present(nodes, 0, 'leaver')];
    const [bob, both] = [await present(nodes, 1, 'bob'), await present(nodes, 1, 'both')];
    await present(nodes, 0, 'both');
    for (const { view } of [ann, bob]) await poll(() => view.members).toBe('ann,bob,both,leaver');
    for (const user of ['ann', 'leaver', 'bob', 'both']) await nodes.receiver.hears(`member_added ${ROOM} ${user}`);

    breakIt();
    // What is told of her may be on its way already, and arrive when she has long gone.
    const eve = await present(nodes, 0, 'eve');
    if (forLongerThanTheLease) {
      await poll(() => bob.view.members, { timeout: PATIENCE_MS }).toBe('bob,both');
      await nodes.receiver.hears(`member_removed ${ROOM} ann`);
    }
    const cid = await present(nodes, 0, 'cid');
    const dan = await present(nodes, 1, 'dan');
    for (const { guest } of [leaver, both, eve]) await guest.goes();
    await poll(() => ann.view.members).toBe('ann,bob,both,cid');
    nodes.link(0).restore();

    const all = ['ann', 'bob', 'both', 'cid', 'dan'];
    for (const { view } of [ann, bob, cid, dan]) {
      await poll(() => view.members, HEALED).toBe(all.join());
      expect(view.faults).toEqual([]);
    }
    for (const node of [0, 1]) await poll(() => usersOn(nodes, node, ROOM), HEALED).toEqual(all);
    await poll(() => readLedger(redis, APP.id), HEALED).toEqual({
      subscriptions: { [ROOM]: 5 },
      members: { [ROOM]: all },
      faults: [],
    });
    for (const from of [0, 1]) {
      await nodes.trigger(from, ROOM, `from ${String(from)}`);
      for (const { guest } of [ann, bob]) await guest.hearsUntil(ROOM, `e from ${String(from)}`);
    }
    await nodes.receiver.hears(`member_added ${ROOM} cid`);
    await nodes.receiver.hears(`member_removed ${ROOM} leaver`);
    await webhooksSettled(nodes, ROOM, 1);
    return nodes.receiver.of(ROOM);
  };

  it('K94: broken connections, for less than the lease: nobody is told of anybody who stayed', () =>
    onNodes({ webhookDelayMs: 200 }, async (nodes, redis) => {
      const told = await liveApart(nodes, redis, () => nodes.link(0).cut(), false);
      expect(told.toSorted()).toEqual(
        [
          'channel_occupied',
          ...['ann', 'leaver', 'bob', 'both', 'cid', 'dan'].map((user) => `member_added ${user}`),
          'member_removed leaver',
        ].toSorted(),
      );
    }));

  it('K94: broken connections, for longer than the lease: nobody is there twice, and no ghost stays', () =>
    onNodes({ webhookDelayMs: 200 }, async (nodes, redis) => {
      const told = await liveApart(nodes, redis, () => nodes.link(0).cut(), true);
      expect(told.filter((line) => line.endsWith(' ann'))).toEqual([
        'member_added ann',
        'member_removed ann',
        'member_added ann',
      ]);
      expect(told.filter((line) => line.endsWith(' leaver'))).toEqual(['member_added leaver', 'member_removed leaver']);
      expect(told.filter((line) => line.endsWith(' bob'))).toEqual(['member_added bob']);
    }));

  it('K94: a silent link, for longer than the lease: what arrives late changes nothing', () =>
    onNodes({ webhookDelayMs: 200 }, async (nodes, redis) => {
      const told = await liveApart(nodes, redis, () => nodes.link(0).hold(), true);
      expect(told.filter((line) => line.endsWith(' leaver'))).toEqual(['member_added leaver', 'member_removed leaver']);
      expect(told.filter((line) => line.endsWith(' bob'))).toEqual(['member_added bob']);
    }));
});
