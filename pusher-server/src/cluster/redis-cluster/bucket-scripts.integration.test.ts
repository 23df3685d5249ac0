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

describe.skipIf(redisIsMissing)('what is decided in a bucket', () => {
  let bucket: BucketUnderTest;
  beforeAll(async () => {
    bucket = await startBucket();
  });
  afterAll(() => bucket.stop());
  beforeEach(async () => {
    await bucket.redis.cli('FLUSHALL');
    await bucket.redis.cli('SCRIPT', 'FLUSH');
    await bucket.scripts.load();
  });
  const keysLeft = async () => (await bucket.redis.cli('KEYS', '*:app*')).split('\n').filter(Boolean).sort();
  const topicOf = (name: string) => bucket.link.keys.topic(BUCKET, APP, name);
  const listen = async (name: string) => {
    await bucket.link.subscriber.ssubscribe(topicOf(name));
    bucket.heard.length = 0;
  };
  /** Everything that was said up to now: an answer on the same connection comes after it. */
  const heard = async () => {
    await bucket.link.subscriber.ping();
    return bucket.heard;
  };

  describe('channels', () => {
    it('K3: the first socket anywhere occupies a channel, the last one vacates it', async () => {
      const [one, two] = [await enterBucket(bucket, { id: 'one' }), await enterBucket(bucket, { id: 'two' })];
      expect(await one.channel('news', 2)).toEqual({ kind: 'applied', subscriptions: 2, change: 'occupied' });
      expect(await two.channel('news', 3)).toEqual({ kind: 'applied', subscriptions: 5, change: null });
      expect(await one.channel('news', 0)).toEqual({ kind: 'applied', subscriptions: 3, change: null });
      expect(await two.channel('news', 0)).toEqual({ kind: 'applied', subscriptions: 0, change: 'vacated' });
      expect(await bucket.facts()).toEqual(['channel_occupied news', 'channel_vacated news']);
      expect(await keysLeft()).toEqual([]);
    });

    it('K4: sent again, it changes nothing and tells nothing', async () => {
      const one = await enterBucket(bucket, { id: 'one' });
      const come = one.caller();
      for (let i = 0; i < 3; i += 1) await one.channel('news', 2, {}, come);
      const go = one.caller();
      for (let i = 0; i < 3; i += 1) await one.channel('news', 0, {}, go);
      expect(await bucket.facts()).toEqual(['channel_occupied news', 'channel_vacated news']);
    });

    it('K4: an older number, another generation, another epoch change nothing', async () => {
      const one = await enterBucket(bucket, { id: 'one' });
      const old = one.caller();
      await one.channel('news', 1);
      expect(await one.channel('news', 9, {}, old)).toEqual({ kind: 'stale' });
      expect(await one.channel('news', 9, {}, one.callerWith({ generation: 'x' }))).toEqual({ kind: 'fenced' });
      expect(await one.channel('news', 9, {}, one.callerWith({ epoch: 'x' }))).toEqual({ kind: 'empty' });
      expect(await one.member('presence-a', 'ann', 9, 9, {}, old)).toEqual({ kind: 'stale' });
      expect(await one.member('presence-a', 'ann', 9, 9, {}, one.callerWith({ epoch: 'x' }))).toEqual({
        kind: 'empty',
      });
      expect(await one.user('ann', 9, one.callerWith({ generation: 'x' }))).toEqual({ kind: 'fenced' });
      expect(await one.channel('news', 1)).toMatchObject({ subscriptions: 1 });
      expect((await keysLeft()).filter((key) => key.includes('presence'))).toEqual([]);
    });

    it('K4: Redis that has forgotten the scripts is sent them again', async () => {
      const one = await enterBucket(bucket, { id: 'one' });
      await bucket.redis.cli('SCRIPT', 'FLUSH');
      expect(await one.channel('news', 1)).toMatchObject({ kind: 'applied' });
    });

    it('K5: who returns within the delay was never away', async () => {
      const one = await enterBucket(bucket, { id: 'one', telling: { delayMs: 40 } });
      await one.channel('news', 1);
      await one.channel('news', 0);
      await one.channel('news', 1);
      await one.channel('marker', 1);
      await one.channel('marker', 0);
      await ripenUntil(bucket, async () => (await bucket.facts()).includes('channel_vacated marker'));
      expect(await bucket.facts()).toEqual([
        'channel_occupied news',
        'channel_occupied marker',
        'channel_vacated marker',
      ]);
      await one.channel('news', 0);
      await ripenUntil(bucket, async () => (await bucket.facts()).includes('channel_vacated news'));
      expect(await keysLeft()).toEqual([]);
    });

    it('K6: without webhooks nothing is written, and what was told is taken back even when they went meanwhile', async () => {
      const quiet = { tracksChannel: false, tracksMembers: false };
      const one = await enterBucket(bucket, { id: 'one', telling: quiet });
      const two = await enterBucket(bucket, { id: 'two' });
      await one.channel('news', 1);
      await one.channel('news', 0);
      await one.member('presence-a', 'ann', 1, 1);
      await one.member('presence-a', 'ann', 0, 0);
      expect(await bucket.facts()).toEqual([]);
      await two.channel('news', 1);
      await one.channel('news', 1);
      await two.channel('news', 0);
      await one.channel('news', 0);
      expect(await bucket.facts()).toEqual(['channel_occupied news', 'channel_vacated news']);
    });
  });

  describe('members', () => {
    it('K7: first and last socket of a user over all nodes make a delta with the next version', async () => {
      const [one, two] = [await enterBucket(bucket, { id: 'one' }), await enterBucket(bucket, { id: 'two' })];
      const { version } = await bucket.scripts.readRoster(BUCKET, APP, 'presence-a');
      await listen('presence-a');
      expect(await one.member('presence-a', 'ann', 1, 1)).toEqual({
        kind: 'applied',
        version: version + 1,
        delta: 'added',
        change: 'occupied',
      });
      expect(await two.member('presence-a', 'ann', 2, 2, { userInfo: null })).toMatchObject({
        version: version + 1,
        delta: null,
        change: null,
      });
      await two.member('presence-a', 'bob', 1, 3, { userInfo: null });
      expect(await bucket.scripts.readRoster(BUCKET, APP, 'presence-a')).toEqual({
        version: version + 2,
        members: [
          ['ann', '{"name":"ann"}'],
          ['bob', null],
        ],
      });
      await one.member('presence-a', 'ann', 0, 0);
      await two.member('presence-a', 'ann', 0, 1);
      expect(await two.member('presence-a', 'bob', 0, 0)).toMatchObject({ version: version + 4, change: 'vacated' });
      expect(await heard()).toEqual([
        `----------------+${String(version + 1)} ann 1{"name":"ann"}`,
        `----------------+${String(version + 2)} bob 0`,
        `-----------------${String(version + 3)} ann`,
        `-----------------${String(version + 4)} bob`,
      ]);
      expect(await bucket.facts()).toEqual([
        'channel_occupied presence-a',
        'member_added presence-a ann',
        'member_added presence-a bob',
        'member_removed presence-a ann',
        'member_removed presence-a bob',
        'channel_vacated presence-a',
      ]);
      // The version lingers, so that nodes that still listen see no gap.
      expect(await keysLeft()).toEqual([bucket.link.keys.channel(BUCKET, APP, 'presence-a')]);
      expect(await one.member('presence-a', 'ann', 1, 1)).toMatchObject({ version: version + 5 });
      expect(await bucket.redis.cli('TTL', bucket.link.keys.channel(BUCKET, APP, 'presence-a'))).toBe('-1');
    });

    it('K8: a full channel changes nothing, and takes sockets of members and members of before', async () => {
      const [one, two] = [await enterBucket(bucket, { id: 'one' }), await enterBucket(bucket, { id: 'two' })];
      await one.member('presence-a', 'ann', 1, 1, { maxMembers: 1 });
      expect(await two.member('presence-a', 'bob', 1, 1, { maxMembers: 1 })).toEqual({ kind: 'full' });
      expect(await bucket.redis.cli('HGET', bucket.link.keys.channel(BUCKET, APP, 'presence-a'), 'n')).toBe('1');
      expect(await two.member('presence-a', 'ann', 1, 1, { maxMembers: 1 })).toMatchObject({ delta: null });
      expect(await two.member('presence-a', 'cid', 1, 2, { maxMembers: 1, was: true })).toMatchObject({
        delta: 'added',
      });
    });

    it('W4: members are told before their channel, whatever order they leave in', async () => {
      for (const delayMs of [0, 30]) {
        await bucket.redis.cli('FLUSHALL');
        const one = await enterBucket(bucket, { id: 'one', telling: { delayMs } });
        await one.member('presence-a', 'ann', 1, 1);
        await one.member('presence-a', 'bob', 1, 2);
        // Both left within one tick: the first to be told of already has nobody on the channel.
        await one.member('presence-a', 'ann', 0, 0);
        await one.member('presence-a', 'bob', 0, 0);
        await ripenUntil(bucket, async () => (await bucket.facts()).includes('channel_vacated presence-a'));
        expect((await bucket.facts()).slice(3)).toEqual([
          'member_removed presence-a ann',
          'member_removed presence-a bob',
          'channel_vacated presence-a',
        ]);
      }
    });

    it('K5: a member who returns within the delay is told to the room and not to receivers', async () => {
      const one = await enterBucket(bucket, { id: 'one', telling: { delayMs: 40 } });
      await one.member('presence-a', 'ann', 1, 1);
      expect(await one.member('presence-a', 'ann', 0, 0)).toMatchObject({ delta: 'removed' });
      expect(await one.member('presence-a', 'ann', 1, 1)).toMatchObject({ delta: 'added' });
      await one.channel('marker', 1);
      await one.channel('marker', 0);
      await ripenUntil(bucket, async () => (await bucket.facts()).includes('channel_vacated marker'));
      expect((await bucket.facts()).filter((line) => line.includes('presence'))).toEqual([
        'channel_occupied presence-a',
        'member_added presence-a ann',
      ]);
    });
  });

  it('K10: a user is online from the first connection anywhere to the last', async () => {
    const [one, two] = [await enterBucket(bucket, { id: 'one' }), await enterBucket(bucket, { id: 'two' })];
    await listen('#server-to-user-ann');
    const first = await one.user('ann', 2);
    const version = first.kind === 'applied' ? first.version : -1;
    expect(first).toEqual({ kind: 'applied', version, online: true, changed: true });
    expect(await two.user('ann', 1)).toEqual({ kind: 'applied', version, online: true, changed: false });
    expect(await bucket.scripts.readUser(BUCKET, APP, 'ann')).toEqual({ version, online: true });
    await one.user('ann', 0);
    expect(await two.user('ann', 0)).toEqual({ kind: 'applied', version: version + 1, online: false, changed: true });
    expect(await heard()).toEqual([
      `----------------u${String(version)} 1`,
      `----------------u${String(version + 1)} 0`,
    ]);
    expect(await bucket.facts()).toEqual([]);
    expect(await bucket.scripts.readUser(BUCKET, APP, 'eve')).toEqual({ version: 0, online: false });
  });

  describe('numbers of subscriptions', () => {
    it('K11: every change up to 100 is told, to the channel and to those who want it', async () => {
      const one = await enterBucket(bucket, { id: 'one' });
      await listen('news');
      await one.channel('news', 1, { counts: true, countsFact: true });
      await one.channel('news', 1, { counts: true, countsFact: true });
      await one.channel('news', 3, { counts: true });
      await one.channel('news', 0, { counts: true, countsFact: true });
      expect(await heard()).toEqual(['----------------n1', '----------------n3', '----------------n0']);
      expect((await bucket.facts()).filter((line) => line.startsWith('sub'))).toEqual([
        'subscription_count news 1',
        'subscription_count news 0',
      ]);
      expect(await keysLeft()).toEqual([]);
    });

    it('K11: above 100 at most one in 5 s, and the last one always', async () => {
      const one = await enterBucket(bucket, { id: 'one' });
      await listen('news');
      for (const sockets of [101, 102, 103, 104]) {
        await one.channel('news', sockets, { counts: true, countsFact: true });
      }
      expect(await heard()).toEqual(['----------------n101']);
      const { link } = bucket;
      const waiting = await link.commands.zrange(link.keys.due(BUCKET), '0', '-1', 'WITHSCORES');
      expect(waiting[0]).toBe('napp\0news');
      expect(Number(waiting[1]) - Date.now()).toBeGreaterThan(3_000);
      await link.commands.zadd(link.keys.due(BUCKET), 'XX', '1', 'napp\0news');
      await bucket.ripen();
      expect(await heard()).toEqual(['----------------n101', '----------------n104']);
      expect(await bucket.facts()).toEqual([
        'channel_occupied news',
        'subscription_count news 101',
        'subscription_count news 104',
      ]);
      await one.channel('news', 105, { counts: true });
      await one.channel('news', 99, { counts: true });
      expect((await heard()).slice(2)).toEqual(['----------------n99']);
      expect(await link.commands.zcard(link.keys.due(BUCKET))).toBe(0);
    });
  });
});
