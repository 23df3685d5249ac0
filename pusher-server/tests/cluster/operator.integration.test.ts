import { describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { APP } from '../start.ts';
import { readLedger } from './ledger.ts';
import { usersOn, webhooksSettled } from './life/life.ts';
import { BUSY_TEST_MS, PATIENCE_MS } from './nodes.ts';
import { onNodes } from './on-nodes.ts';
import { present, ROOM } from './presence-view.ts';
import { poll } from './poll.ts';

const ROUNDS = 12;
const HEALED = { timeout: PATIENCE_MS, interval: 20 };

describe.skipIf(redisIsMissing)('what an operator may do to Redis', { concurrent: true, timeout: BUSY_TEST_MS }, () => {
  it('K92: FLUSHALL: the nodes tell everything again, and nobody notices', () =>
    onNodes({ webhookDelayMs: 200 }, async (nodes, redis) => {
      const [ann, bob] = [await present(nodes, 0, 'ann'), await present(nodes, 1, 'bob')];
      await (await nodes.guest(1)).join('news');
      for (const line of [`member_added ${ROOM} ann`, `member_added ${ROOM} bob`, 'channel_occupied news']) {
        await nodes.receiver.hears(line);
      }
      await redis.cli('FLUSHALL');
      const cid = await present(nodes, 0, 'cid');
      for (const { view } of [ann, bob, cid]) await poll(() => view.members, HEALED).toBe('ann,bob,cid');
      await poll(() => readLedger(redis, APP.id), HEALED).toEqual({
        subscriptions: { [ROOM]: 3, news: 1 },
        members: { [ROOM]: ['ann', 'bob', 'cid'] },
        faults: [],
      });
      await nodes.receiver.hears(`member_added ${ROOM} cid`);
      for (const channel of [ROOM, 'news']) await webhooksSettled(nodes, channel, 1);
      expect(nodes.receiver.of('news')).toEqual(['channel_occupied']);
      expect(nodes.receiver.of(ROOM).toSorted()).toEqual(
        ['channel_occupied', 'member_added ann', 'member_added bob', 'member_added cid'].toSorted(),
      );
      expect([ann, bob, cid].flatMap(({ view }) => view.faults)).toEqual([]);
      expect(bob.view.changes).toEqual(['added cid']);
    }));

  it('K94: connections that listen are killed again and again: no member is missed and none is told twice', () =>
    onNodes({ webhookDelayMs: 200 }, async (nodes, redis) => {
      const views = [(await present(nodes, 0, 'keeper')).view, (await present(nodes, 1, 'watcher')).view];
      for (let round = 0; round < ROUNDS; round += 1) {
        const guests = [await nodes.guest(0), await nodes.guest(1)];
        await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
        await Promise.all(guests.map((guest, index) => guest.join(ROOM, `user-${String(round % 2)}-${String(index)}`)));
        if (round % 3 === 0) await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
        await Promise.all(guests.map((guest) => guest.goes()));
      }
      await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub');
      const late = await present(nodes, 1, 'late');
      for (const view of [...views, late.view]) {
        await poll(() => view.members, HEALED).toBe('keeper,late,watcher');
        expect(view.faults).toEqual([]);
      }
      for (const node of [0, 1]) {
        await poll(() => usersOn(nodes, node, ROOM), HEALED).toEqual(['keeper', 'late', 'watcher']);
        expect(await nodes.metric(node, 'cluster_subscription_gaps_total')).toBeGreaterThan(0);
      }
    }));

  it('K94: all connections are killed, and scripts forgotten, while people come and go', () =>
    onNodes({ webhookDelayMs: 200 }, async (nodes, redis) => {
      const { view } = await present(nodes, 0, 'keeper');
      for (let round = 0; round < ROUNDS; round += 1) {
        const [here, there] = [await nodes.guest(0), await nodes.guest(1)];
        const joins = [here.join(ROOM, `user-${String(round % 2)}`), there.join(ROOM, `user-${String(round % 2)}`)];
        await redis.cli('CLIENT', 'KILL', 'TYPE', round % 2 === 0 ? 'normal' : 'pubsub');
        await redis.cli('SCRIPT', 'FLUSH');
        await Promise.all(joins);
        await Promise.all([here.goes(), there.goes()]);
      }
      const late = await present(nodes, 1, 'late');
      for (const each of [view, late.view]) {
        await poll(() => each.members, HEALED).toBe('keeper,late');
        expect(each.faults).toEqual([]);
      }
      await poll(() => readLedger(redis, APP.id), HEALED).toEqual({
        subscriptions: { [ROOM]: 2 },
        members: { [ROOM]: ['keeper', 'late'] },
        faults: [],
      });
    }));
});
