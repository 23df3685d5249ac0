import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../test-support/redis.ts';
import { APP } from '../start.ts';
import { readLedger } from './ledger.ts';
import { usersOn, webhooksSettled } from './life/life.ts';
import { LEASE_MS, Nodes, PATIENCE_MS } from './nodes.ts';
import { PresenceView } from './presence-view.ts';

const room = 'presence-room';
/** A link that is held is noticed when a command takes too long. */
const HEALED = { timeout: LEASE_MS + 6_000, interval: 20 };

describe.skipIf(redisIsMissing)('a node is cut off from Redis', () => {
  let redis: RedisServer;
  let nodes: Nodes;

  beforeEach(async () => {
    redis = await startRedis();
    nodes = await Nodes.open({ redisPort: redis.port, webhookDelayMs: 200 });
  });
  afterEach(async () => {
    await nodes.close();
    await redis.stop();
  });

  const present = async (node: number, user: string) => {
    const guest = await nodes.guest(node);
    const view = new PresenceView(guest, room);
    await guest.join(room, user);
    return { guest, view };
  };

  /** People come and go on both sides of a broken link; afterwards all of them believe the same, which is true. */
  const liveApart = async (breakIt: () => void, forLongerThanTheLease: boolean) => {
    const [ann, leaver] = [await present(0, 'ann'), await present(0, 'leaver')];
    const [bob, both] = [await present(1, 'bob'), await present(1, 'both')];
    await present(0, 'both');
    for (const { view } of [ann, bob]) await expect.poll(() => view.members).toBe('ann,bob,both,leaver');
    for (const user of ['ann', 'leaver', 'bob', 'both']) await nodes.receiver.hears(`member_added ${room} ${user}`);

    breakIt();
    // What is told of her may be on its way already, and arrive when she has long gone.
    const eve = await present(0, 'eve');
    if (forLongerThanTheLease) {
      await expect.poll(() => bob.view.members, { timeout: PATIENCE_MS }).toBe('bob,both');
      await nodes.receiver.hears(`member_removed ${room} ann`);
    }
    const cid = await present(0, 'cid');
    const dan = await present(1, 'dan');
    for (const { guest } of [leaver, both, eve]) await guest.goes();
    await expect.poll(() => ann.view.members).toBe('ann,bob,both,cid');
    nodes.link(0).restore();

    const all = ['ann', 'bob', 'both', 'cid', 'dan'];
    for (const { view } of [ann, bob, cid, dan]) {
      await expect.poll(() => view.members, HEALED).toBe(all.join());
      expect(view.faults).toEqual([]);
    }
    for (const node of [0, 1]) await expect.poll(() => usersOn(nodes, node, room), HEALED).toEqual(all);
    await expect
      .poll(() => readLedger(redis, APP.id), HEALED)
      .toEqual({ subscriptions: { [room]: 5 }, members: { [room]: all }, faults: [] });
    for (const from of [0, 1]) {
      await nodes.trigger(from, room, `from ${String(from)}`);
      for (const { guest } of [ann, bob]) await guest.hearsUntil(room, `e from ${String(from)}`);
    }
    await nodes.receiver.hears(`member_added ${room} cid`);
    await nodes.receiver.hears(`member_removed ${room} leaver`);
    await webhooksSettled(nodes, room, 1);
    return nodes.receiver.of(room);
  };

  it('K94: broken connections, for less than the lease: nobody is told of anybody who stayed', async () => {
    const told = await liveApart(() => nodes.link(0).cut(), false);
    expect(told.toSorted()).toEqual(
      [
        'channel_occupied',
        ...['ann', 'leaver', 'bob', 'both', 'cid', 'dan'].map((user) => `member_added ${user}`),
        'member_removed leaver',
      ].toSorted(),
    );
  });

  it('K94: broken connections, for longer than the lease: nobody is there twice, and no ghost stays', async () => {
    const told = await liveApart(() => nodes.link(0).cut(), true);
    expect(told.filter((line) => line.endsWith(' ann'))).toEqual([
      'member_added ann',
      'member_removed ann',
      'member_added ann',
    ]);
    expect(told.filter((line) => line.endsWith(' leaver'))).toEqual(['member_added leaver', 'member_removed leaver']);
    expect(told.filter((line) => line.endsWith(' bob'))).toEqual(['member_added bob']);
  });

  it('K94: a silent link, for longer than the lease: what arrives late changes nothing', async () => {
    const told = await liveApart(() => nodes.link(0).hold(), true);
    expect(told.filter((line) => line.endsWith(' leaver'))).toEqual(['member_added leaver', 'member_removed leaver']);
    expect(told.filter((line) => line.endsWith(' bob'))).toEqual(['member_added bob']);
  });
});
