import { describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { APP } from '../start.ts';
import { readLedger, unacknowledgedFacts } from './ledger.ts';
import { usersOn, webhooksSettled } from './life/life.ts';
import { BUSY_TEST_MS, PATIENCE_MS } from './nodes.ts';
import { onNodes } from './on-nodes.ts';
import { present, ROOM } from './presence-view.ts';
import { poll } from './poll.ts';

const DELAY_MS = 200;

describe.skipIf(redisIsMissing)('the death of a node', { concurrent: true, timeout: BUSY_TEST_MS }, () => {
  it('K90: kill -9 leaves nothing of it after lease + 2 s, and each change is told once', () =>
    onNodes({ count: 3, webhookDelayMs: DELAY_MS }, async (nodes, redis) => {
      await present(nodes, 0, 'ann');
      await present(nodes, 0, 'both');
      const bob = await present(nodes, 1, 'both');
      const cid = await present(nodes, 2, 'cid');
      await (await nodes.guest(0)).join('only-there');
      for (const node of [0, 1]) await (await nodes.guest(node)).join('on-both');
      const dan = await nodes.guest(0);
      await dan.signIn('dan');
      await cid.guest.signIn('cid', ['dan']);
      await cid.guest.client.next((message) => JSON.stringify(message).includes('"online"'));
      for (const line of [`member_added ${ROOM} cid`, 'channel_occupied only-there', 'channel_occupied on-both']) {
        await nodes.receiver.hears(line);
      }
      for (const { view } of [bob, cid]) await poll(() => view.members).toBe('ann,both,cid');
      // Else what was sent and not yet acknowledged may be repeated, which rule K91 is about.
      await poll(() => unacknowledgedFacts(redis)).toBe(0);

      await nodes.process(0).kill9();
      const repaired = { timeout: PATIENCE_MS, interval: 20 };
      await Promise.all([
        ...[bob, cid].map(({ view }) => poll(() => view.members, repaired).toBe('both,cid')),
        ...[1, 2].map((node) => poll(() => usersOn(nodes, node, ROOM), repaired).toEqual(['both', 'cid'])),
        ...[1, 2].map((node) =>
          poll(
            async () => Object.keys(((await nodes.get(node, '/channels')) as { channels: object }).channels),
            repaired,
          ).toEqual(expect.not.arrayContaining(['only-there'])),
        ),
        cid.guest.client.next((message) => JSON.stringify(message).includes('"offline"'), PATIENCE_MS),
      ]);
      const { subscriptions, members, faults } = await readLedger(redis, APP.id);
      expect({ subscriptions, members, faults }).toEqual({
        subscriptions: { [ROOM]: 2, 'on-both': 1 },
        members: { [ROOM]: ['both', 'cid'] },
        faults: [],
      });
      await nodes.receiver.hears(`member_removed ${ROOM} ann`);
      await nodes.receiver.hears('channel_vacated only-there');
      for (const channel of [ROOM, 'only-there', 'on-both']) await webhooksSettled(nodes, channel, 1);
      expect(nodes.receiver.of(ROOM).filter((line) => line.startsWith('member_removed'))).toEqual([
        'member_removed ann',
      ]);
      expect(nodes.receiver.of('only-there')).toEqual(['channel_occupied', 'channel_vacated']);
      expect(nodes.receiver.of('on-both')).toEqual(['channel_occupied']);
      expect(nodes.receiver.repetitions.map(({ body }) => body)).toEqual([]);

      await nodes.restart(0);
      const ann = await present(nodes, 0, 'ann');
      for (const { view } of [ann, bob, cid]) {
        await poll(() => view.members).toBe('ann,both,cid');
        expect(view.faults).toEqual([]);
      }
    }));

  it('K95: a node that was stopped for longer than its lease goes on, whole and without doubles', () =>
    onNodes({ count: 3, webhookDelayMs: DELAY_MS }, async (nodes, redis) => {
      const ann = await present(nodes, 0, 'ann');
      const both = await present(nodes, 0, 'both');
      const bob = await present(nodes, 1, 'both');
      const cid = await present(nodes, 2, 'cid');
      await (await nodes.guest(0)).join('only-there');
      await nodes.receiver.hears('channel_occupied only-there');
      for (const { view } of [ann, bob, cid]) await poll(() => view.members).toBe('ann,both,cid');

      nodes.process(0).signal('SIGSTOP');
      await poll(() => bob.view.members, { timeout: PATIENCE_MS }).toBe('both,cid');
      await Promise.all([
        nodes.receiver.hears(`member_removed ${ROOM} ann`),
        nodes.receiver.hears('channel_vacated only-there'),
      ]);
      await cid.guest.goes();
      const eve = await present(nodes, 1, 'eve');
      nodes.process(0).signal('SIGCONT');

      for (const { view } of [ann, both, bob, eve]) {
        await poll(() => view.members, { timeout: PATIENCE_MS }).toBe('ann,both,eve');
        expect(view.faults).toEqual([]);
      }
      await Promise.all([
        nodes.receiver.hears(`member_added ${ROOM} ann`, 2),
        nodes.receiver.hears('channel_occupied only-there', 2),
      ]);
      for (const node of [0, 1, 2]) expect(await usersOn(nodes, node, ROOM)).toEqual(['ann', 'both', 'eve']);
      expect(await readLedger(redis, APP.id)).toEqual({
        subscriptions: { [ROOM]: 4, 'only-there': 1 },
        members: { [ROOM]: ['ann', 'both', 'eve'] },
        faults: [],
      });
      expect(await nodes.trigger(2, ROOM, 'hello')).toBe(200);
      expect(await ann.guest.hearsUntil(ROOM, 'e hello')).toContain('e hello');
      await webhooksSettled(nodes, ROOM, 0);
      expect(nodes.receiver.of(ROOM).filter((line) => line.endsWith(' ann'))).toEqual([
        'member_added ann',
        'member_removed ann',
        'member_added ann',
      ]);
      expect(nodes.receiver.of(ROOM).filter((line) => line.endsWith(' both'))).toEqual(['member_added both']);
    }));
});
