import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../../test-support/redis-program.ts';
import {
  APP,
  BUCKET,
  enterBucket,
  ripenUntil,
  startBucket,
  type BucketUnderTest,
} from '../../../tests/cluster/bucket-under-test.ts';
import { DROPPED } from './scripts/caller.ts';

describe.skipIf(redisIsMissing)('a bucket that has lost its past, and nodes that are given up', () => {
  let bucket: BucketUnderTest;
  beforeAll(async () => {
    bucket = await startBucket();
  });
  afterAll(() => bucket.stop());
  beforeEach(async () => {
    await bucket.redis.cli('FLUSHALL');
  });
  const settled = async () => {
    const { link } = bucket;
    const key = link.keys.due(BUCKET);
    await ripenUntil(bucket, async () => (await link.commands.zcard(key)) === 0);
    return bucket.facts();
  };
  const dropAll = async (node: string) => {
    let steps = 0;
    for (;;) {
      const { epoch, items } = await bucket.scripts.fence(BUCKET, node);
      if (items.length === 0) return steps;
      steps += 1;
      const caller = { node, epoch, generation: DROPPED, number: 0 };
      const telling = { tracksChannel: true, tracksMembers: true, delayMs: 0 };
      const gone = { sockets: 0, was: false, counts: false, countsFact: false };
      for (const { kind, appId, name, userId } of items) {
        if (kind === 'channel') await bucket.scripts.applyChannel(BUCKET, caller, { ...gone, appId, name }, telling);
        else if (kind === 'user') {
          await bucket.scripts.applyUser(BUCKET, caller, { appId, userId: userId ?? '', connections: 0 });
        } else {
          const member = { userId: userId ?? '', userInfo: null, channelSockets: 0, maxMembers: 0, wasChannel: false };
          await bucket.scripts.applyMember(BUCKET, caller, { ...gone, ...member, appId, name }, telling);
        }
      }
    }
  };

  it('K9: what was held before is not told again, what came or went meanwhile is told once, at the end', async () => {
    const past = { knownEpoch: 'lost', settlingMs: 150 };
    const one = await enterBucket(bucket, { id: 'one', ...past });
    const two = await enterBucket(bucket, { id: 'two', ...past });
    // Held by both before, and now by one of them.
    await one.channel('held', 0, { was: true });
    await two.channel('held', 1, { was: true });
    // Held before, and by nobody now.
    await one.channel('gone', 0, { was: true });
    // Nobody held it before.
    await two.channel('new', 1);
    await two.channel('brief', 1);
    await two.channel('brief', 0);
    // Who had the last of it before tells so after who has it anew.
    await two.channel('late', 1);
    await one.channel('late', 0, { was: true });
    expect(await bucket.facts()).toEqual([]);
    expect([...(await settled())].sort()).toEqual(['channel_occupied new', 'channel_vacated gone']);
    await two.channel('held', 0);
    expect(await bucket.facts()).toContain('channel_vacated held');
  });

  it('K9: members too, and none before its channel came or after it went', async () => {
    const one = await enterBucket(bucket, { id: 'one', knownEpoch: 'lost', settlingMs: 150 });
    const held = { was: true, wasChannel: true };
    await one.member('presence-held', 'ann', 1, 1, held);
    await one.member('presence-held', 'bob', 0, 1, held);
    await one.member('presence-held', 'cid', 1, 2, { wasChannel: true });
    await one.member('presence-new', 'ann', 1, 1);
    await one.member('presence-gone', 'ann', 0, 0, held);
    const facts = await settled();
    expect(facts.filter((line) => line.includes('held')).sort()).toEqual([
      'member_added presence-held cid',
      'member_removed presence-held bob',
    ]);
    expect(facts.filter((line) => !line.includes('held')).sort()).toEqual([
      'channel_occupied presence-new',
      'channel_vacated presence-gone',
      'member_added presence-new ann',
      'member_removed presence-gone ann',
    ]);
    const at = (line: string) => facts.indexOf(line);
    expect(at('channel_occupied presence-new')).toBeLessThan(at('member_added presence-new ann'));
    expect(at('member_removed presence-gone ann')).toBeLessThan(at('channel_vacated presence-gone'));
  });

  it('K9: a fresh bucket settles for a second at most, a lost one for a lease, counted from its birth', async () => {
    const until = async () => {
      const [born, end] = await bucket.link.commands.hmget(bucket.link.keys.epoch(BUCKET), 'born', 'until');
      return Number(end) - Number(born);
    };
    const fresh = await enterBucket(bucket, { id: 'one', settlingMs: 10_000 });
    expect(await until()).toBe(1_000);
    const returned = await enterBucket(bucket, { id: 'two', knownEpoch: 'lost', settlingMs: 10_000 });
    expect(returned.standing).toMatchObject({ epoch: fresh.standing.epoch, isNewEpoch: true, items: [] });
    expect(await until()).toBe(10_000);
    expect((await enterBucket(bucket, { id: 'two', knownEpoch: fresh.standing.epoch })).standing.isNewEpoch).toBe(
      false,
    );
    await bucket.redis.cli('FLUSHALL');
    await enterBucket(bucket, { id: 'two', knownEpoch: 'lost', settlingMs: 10_000 });
    expect(await until()).toBe(10_000);
  });

  it('K9: numbers are told to the channel and to receivers only at the end', async () => {
    const one = await enterBucket(bucket, { id: 'one', knownEpoch: 'lost', settlingMs: 100 });
    for (const sockets of [1, 2, 3]) {
      await one.channel('news', sockets, { was: true, counts: true, countsFact: true });
    }
    expect(await settled()).toEqual(['subscription_count news 3']);
  });

  it('K19: a node that is given up leaves as if each of its sockets had, and what it still sends changes nothing', async () => {
    const [one, two] = [await enterBucket(bucket, { id: 'one' }), await enterBucket(bucket, { id: 'two' })];
    await one.channel('news', 1);
    await two.channel('news', 1);
    await one.channel('alone', 1);
    await one.member('presence-a', 'ann', 1, 2);
    await one.member('presence-a', 'bob', 1, 2);
    await two.member('presence-a', 'bob', 1, 1);
    await one.user('ann', 1);
    const late = one.caller();
    const first = await bucket.scripts.fence(BUCKET, one.node);
    expect(first.items).toHaveLength(6);
    expect(await one.channel('news', 5, {}, late)).toEqual({ kind: 'fenced' });
    await dropAll(one.node);
    expect((await bucket.facts()).slice(5).sort()).toEqual(['channel_vacated alone', 'member_removed presence-a ann']);
    expect((await bucket.scripts.readRoster(BUCKET, APP, 'presence-a')).members.map(([user]) => user)).toEqual(['bob']);
    expect(await bucket.scripts.readUser(BUCKET, APP, 'ann')).toMatchObject({ online: false });
    expect(await two.channel('news', 1)).toMatchObject({ subscriptions: 1 });
    expect(await one.channel('news', 5)).toEqual({ kind: 'fenced' });
    expect(await dropAll(one.node)).toBe(0);

    const again = await one.enterAgain();
    expect(again).toMatchObject({ isNewEpoch: false, items: [] });
    expect(await one.channel('news', 1)).toMatchObject({ subscriptions: 2 });
  });

  it('K19: a node that returns while its share is taken away learns what is left of it', async () => {
    const one = await enterBucket(bucket, { id: 'one' });
    await one.channel('a', 1);
    await one.channel('b', 1);
    const { epoch } = await bucket.scripts.fence(BUCKET, one.node);
    const again = await one.enterAgain();
    expect(again.items.map(({ name }) => name).sort()).toEqual(['a', 'b']);
    const repairer = { node: one.node, generation: DROPPED, epoch, number: 0 };
    expect(await one.channel('a', 0, {}, repairer)).toEqual({ kind: 'fenced' });
    expect(await bucket.facts()).toEqual(['channel_occupied a', 'channel_occupied b']);
  });

  it('K19: a large share is taken away in steps', async () => {
    const one = await enterBucket(bucket, { id: 'one' });
    await Promise.all(Array.from({ length: 1_200 }, (_, i) => one.channel(`c${String(i)}`, 1)));
    const { items } = await bucket.scripts.fence(BUCKET, one.node);
    expect(items).toHaveLength(500);
    expect(await dropAll(one.node)).toBeGreaterThanOrEqual(3);
    expect(await bucket.link.commands.scard(bucket.link.keys.occupied(BUCKET, APP))).toBe(0);
  });

  it('K18: a full stream loses its oldest facts, and says how many', async () => {
    const { sending, link } = bucket;
    for (let number = 1; number <= 21; number += 1) {
      await sending.handIn(BUCKET, number, Array<string>(500).fill('{}'));
    }
    await sending.handIn(BUCKET, 21, ['{}']);
    expect(await link.commands.xlen(link.keys.facts(BUCKET))).toBe(10_000);
    expect(await bucket.ripen()).toMatchObject({ kind: 'sending', lost: 500 });
    expect(await bucket.ripen()).toMatchObject({ lost: 0 });
  });
});
