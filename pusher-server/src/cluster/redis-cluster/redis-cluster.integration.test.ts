import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../../test-support/redis.ts';
import { severableLink } from '../../../../test-support/severable-link.ts';
import {
  clusterContract,
  deltasIn,
  member,
  membersOf,
  news,
  room,
  startRecorded,
  type ClusterUnderTest,
} from '../cluster.contract.ts';
import type { ChannelRef } from '../cluster.ts';
import { bucketOf, KeyNames } from './keys.ts';
import { RedisCluster } from './redis-cluster.ts';
import { parseRedisUrl } from './redis-url.ts';

const silent = () => undefined;
const LEASE_MS = 1_000;

/** Buckets that were never used settle for a second; these have settled long ago. */
const SETTLED = `for b = 0, 255 do
  redis.call('HSET', ARGV[1] .. '{' .. b .. '}:epoch', 'id', 'first', 'born', '0', 'until', '0')
end`;

describe.skipIf(redisIsMissing)('nodes that are one through Redis', () => {
  let redis: RedisServer;
  let prefixes = 0;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const newPrefix = async () => {
    prefixes += 1;
    const prefix = `t${String(prefixes)}:`;
    await redis.cli('EVAL', SETTLED, '0', prefix);
    return prefix;
  };
  const startNode = (prefix: string, webhookDelayMs = 0, url = redis.url): Promise<ClusterUnderTest> =>
    startRecorded(
      new RedisCluster({
        target: parseRedisUrl(url),
        prefix,
        leaseMs: LEASE_MS,
        webhookDelayMs,
        log: { info: silent, warn: silent, error: silent },
      }),
    );

  clusterContract('redis', async ({ webhookDelayMs }) => startNode(await newPrefix(), webhookDelayMs));

  describe('two of them', () => {
    const using = async (
      body: (nodes: readonly [ClusterUnderTest, ClusterUnderTest], prefix: string) => Promise<void>,
    ) => {
      const prefix = await newPrefix();
      const nodes = [await startNode(prefix), await startNode(prefix)] as const;
      for (const { cluster } of nodes) await cluster.listen(room);
      try {
        await body(nodes, prefix);
      } finally {
        await Promise.all(nodes.map((node) => node.close()));
      }
    };
    const keysOf = (prefix: string, { appId, name }: ChannelRef) => {
      const [keys, bucket] = [new KeyNames(prefix), bucketOf(appId, name)];
      return [
        keys.channel(bucket, appId, name),
        keys.shares(bucket, appId, name),
        keys.members(bucket, appId, name),
        keys.memberSockets(bucket, appId, name),
      ];
    };
    const ledgerOf = ({ cluster }: ClusterUnderTest, prefix: string, { appId, name }: ChannelRef) =>
      new KeyNames(prefix).ledger(bucketOf(appId, name), cluster.nodeId);

    it('K21: count and list what all hold, and each hears of each member once', () =>
      using(async ([one, two]) => {
        one.cluster.apply(news, 2);
        two.cluster.apply(news, 3);
        await member(one.cluster, 'ann', 1, 1);
        const answer = await member(two.cluster, 'ann', 1, 1);
        expect(membersOf(answer)).toEqual(['ann']);
        expect(membersOf(await member(two.cluster, 'bob', 1, 2))).toEqual(['ann', 'bob']);
        await member(one.cluster, 'ann', 0, 0);
        await expect.poll(() => one.cluster.summary(news)).toMatchObject({ subscriptions: 5 });
        for (const { cluster } of [one, two]) {
          expect(await cluster.summary(room)).toEqual({ name: room.name, subscriptions: 2, users: 2 });
          expect((await cluster.users(room)).toSorted()).toEqual(['ann', 'bob']);
          expect((await cluster.occupied('app', '')).map(({ name }) => name).toSorted()).toEqual([
            news.name,
            room.name,
          ]);
        }
        await member(two.cluster, 'ann', 0, 1);
        for (const { heard, hears } of [one, two]) {
          await hears('memberRemoved ann');
          expect(deltasIn(heard)).toEqual([
            'memberAdded ann {"name":"ann"}',
            'memberAdded bob {"name":"bob"}',
            'memberRemoved ann',
          ]);
        }
      }));

    it('K22, P7: two who come at two nodes at once cannot both take the last place', () =>
      using(async ([one, two]) => {
        const answers = await Promise.all([member(one.cluster, 'ann', 1, 1, 1), member(two.cluster, 'bob', 1, 1, 1)]);
        expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['applied', 'full']);
        for (const { cluster } of [one, two]) {
          expect(await cluster.summary(room)).toMatchObject({ subscriptions: 1, users: 1 });
        }
      }));

    it('K23: what changes while it is being told ends in what is true', () =>
      using(async ([one, two]) => {
        const joins = [1, 2, 3].map((sockets) => member(one.cluster, 'ann', sockets, sockets));
        void member(one.cluster, 'ann', 0, 0);
        for (let sockets = 1; sockets <= 100; sockets += 1) one.cluster.apply(news, sockets);
        await Promise.all(joins);
        one.cluster.apply(news, 7);
        await expect.poll(() => two.cluster.summary(news)).toMatchObject({ subscriptions: 7 });
        await expect.poll(() => two.cluster.summary(room)).toMatchObject({ subscriptions: 0, users: 0 });
        expect(one.cluster.health.dirty).toBe(0);
      }));

    it('K24: one that was taken for dead learns it with the next thing it tells, and tells all again', () =>
      using(async ([one, two], prefix) => {
        await member(one.cluster, 'ann', 1, 1);
        await member(one.cluster, 'bob', 1, 2);
        // As whoever takes a share away begins and ends.
        await redis.cli('HSET', ledgerOf(one, prefix, room), 'g', 'dropped');
        await redis.cli('DEL', ...keysOf(prefix, room));
        expect(await two.cluster.users(room)).toEqual([]);
        await member(one.cluster, 'cid', 1, 3);
        await expect.poll(async () => (await two.cluster.users(room)).toSorted()).toEqual(['ann', 'bob', 'cid']);
        expect(await two.cluster.summary(room)).toMatchObject({ subscriptions: 3 });
      }));

    it('K25: a Redis that lost the last writes is corrected within eight renewals of the lease', () =>
      using(async ([one, two], prefix) => {
        one.cluster.apply(news, 4);
        await member(one.cluster, 'ann', 1, 1);
        await expect.poll(() => two.cluster.summary(news)).toMatchObject({ subscriptions: 4 });
        await redis.cli('HSET', ledgerOf(one, prefix, news), 'n', '0');
        await redis.cli('DEL', ...keysOf(prefix, news));
        expect(await two.cluster.summary(news)).toMatchObject({ subscriptions: 0 });
        await expect
          .poll(() => two.cluster.summary(news), { timeout: 4 * LEASE_MS })
          .toMatchObject({ subscriptions: 4 });
      }));

    it('K26: one that leaves gives back what it held, and nobody waits for the end of its lease', () =>
      using(async ([one, two], prefix) => {
        one.cluster.apply(news, 1);
        await member(one.cluster, 'ann', 1, 1);
        await two.hears('memberAdded ann {"name":"ann"}');
        await one.close();
        await two.hears('memberRemoved ann');
        expect(await two.cluster.summary(news)).toMatchObject({ subscriptions: 0 });
        expect(await redis.cli('ZRANGE', new KeyNames(prefix).nodes, '0', '-1')).toBe(two.cluster.nodeId);
      }));

    it('K27: one that died is taken away from within its lease and 2 s, by one of the others', () =>
      using(async ([, two], prefix) => {
        const link = await severableLink(redis.port);
        const one = await startNode(prefix, 0, `redis://127.0.0.1:${String(link.port)}`);
        one.cluster.apply(news, 1);
        await member(one.cluster, 'ann', 1, 1);
        await two.hears('memberAdded ann {"name":"ann"}');
        link.cut();
        await expect.poll(() => two.heard, { timeout: LEASE_MS + 2_000 }).toContain('memberRemoved ann');
        await expect.poll(() => two.cluster.summary(news)).toMatchObject({ subscriptions: 0, users: 0 });
        const living = () => redis.cli('ZRANGE', new KeyNames(prefix).nodes, '0', '-1');
        await expect.poll(living).not.toContain(one.cluster.nodeId);
        await one.close();
        await link.close();
      }));

    it('K28: a Redis that was emptied is told everything again, and members are told of nothing', () =>
      using(async ([one, two]) => {
        one.cluster.apply(news, 1);
        await member(one.cluster, 'ann', 1, 1);
        await member(two.cluster, 'bob', 1, 1);
        await Promise.all([one.hears('memberAdded bob {"name":"bob"}'), two.hears('memberAdded bob {"name":"bob"}')]);
        const before = [deltasIn(one.heard), deltasIn(two.heard)];
        await redis.cli('FLUSHALL');
        for (const { cluster } of [one, two]) {
          await expect.poll(() => cluster.summary(news), { timeout: 6 * LEASE_MS }).toMatchObject({ subscriptions: 1 });
          await expect.poll(async () => (await cluster.users(room)).toSorted()).toEqual(['ann', 'bob']);
        }
        expect([deltasIn(one.heard), deltasIn(two.heard)]).toEqual(before);
      }));
  });

  it('K29: without Redis a node starts alone, and joins when it comes', async () => {
    const late = await startRedis();
    await late.stop();
    const node = await startNode('late:', 0, late.url);
    await node.cluster.listen(room);
    node.cluster.apply(news, 2);
    expect(membersOf(await member(node.cluster, 'ann', 1, 1))).toEqual(['ann']);
    expect(await node.cluster.occupied('app', '')).toHaveLength(2);
    expect(node.cluster.health).toMatchObject({ up: false, dirty: 2 });
    await late.start();
    const other = await startNode('late:', 0, late.url);
    await expect.poll(() => other.cluster.users(room)).toEqual(['ann']);
    await expect.poll(() => other.cluster.summary(news)).toMatchObject({ subscriptions: 2 });
    expect(node.cluster.health).toMatchObject({ up: true, dirty: 0 });
    await Promise.all([node.close(), other.close()]);
    await late.stop();
  });
});
