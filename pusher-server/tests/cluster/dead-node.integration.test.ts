import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../test-support/redis.ts';
import { APP } from '../start.ts';
import { readLedger, unacknowledgedFacts } from './ledger.ts';
import { usersOn, webhooksSettled } from './life/life.ts';
import { Nodes, PATIENCE_MS } from './nodes.ts';
import { PresenceView } from './presence-view.ts';

const DELAY_MS = 200;
const room = 'presence-room';

describe.skipIf(redisIsMissing)('the death of a node', () => {
  let redis: RedisServer;
  let nodes: Nodes;

  beforeEach(async () => {
    redis = await startRedis();
    nodes = await Nodes.open({ count: 3, redisPort: redis.port, webhookDelayMs: DELAY_MS });
  });
  afterEach(async () => {
    await nodes.close();
    await redis.stop();
  });

  /** A guest who is on the room, with all that they hear of it. */
  const present = async (node: number, user: string) => {
    const guest = await nodes.guest(node);
    const view = new PresenceView(guest, room);
    await guest.join(room, user);
    return { guest, view };
  };

  it('K90: kill -9 leaves nothing of it after lease + 2 s, and each change is told once', async () => {
    await present(0, 'ann');
    await present(0, 'both');
    const bob = await present(1, 'both');
    const cid = await present(2, 'cid');
    await (await nodes.guest(0)).join('only-there');
    for (const node of [0, 1]) await (await nodes.guest(node)).join('on-both');
    const dan = await nodes.guest(0);
    await dan.signIn('dan');
    await cid.guest.signIn('cid', ['dan']);
    await cid.guest.client.next((message) => JSON.stringify(message).includes('"online"'));
    for (const line of [`member_added ${room} cid`, 'channel_occupied only-there', 'channel_occupied on-both']) {
      await nodes.receiver.hears(line);
    }
    for (const { view } of [bob, cid]) await expect.poll(() => view.members).toBe('ann,both,cid');
    // Else what was sent and not yet acknowledged may be repeated, which rule K91 is about.
    await expect.poll(() => unacknowledgedFacts(redis)).toBe(0);

    await nodes.process(0).kill9();
    const repaired = { timeout: PATIENCE_MS, interval: 20 };
    await Promise.all([
      ...[bob, cid].map(({ view }) => expect.poll(() => view.members, repaired).toBe('both,cid')),
      ...[1, 2].map((node) => expect.poll(() => usersOn(nodes, node, room), repaired).toEqual(['both', 'cid'])),
      ...[1, 2].map((node) =>
        expect
          .poll(
            async () => Object.keys(((await nodes.get(node, '/channels')) as { channels: object }).channels),
            repaired,
          )
          .toEqual(expect.not.arrayContaining(['only-there'])),
      ),
      cid.guest.client.next((message) => JSON.stringify(message).includes('"offline"'), PATIENCE_MS),
    ]);
    const { subscriptions, members, faults } = await readLedger(redis, APP.id);
    expect({ subscriptions, members, faults }).toEqual({
      subscriptions: { [room]: 2, 'on-both': 1 },
      members: { [room]: ['both', 'cid'] },
      faults: [],
    });
    await nodes.receiver.hears(`member_removed ${room} ann`);
    await nodes.receiver.hears('channel_vacated only-there');
    for (const channel of [room, 'only-there', 'on-both']) await webhooksSettled(nodes, channel, 1);
    expect(nodes.receiver.of(room).filter((line) => line.startsWith('member_removed'))).toEqual(['member_removed ann']);
    expect(nodes.receiver.of('only-there')).toEqual(['channel_occupied', 'channel_vacated']);
    expect(nodes.receiver.of('on-both')).toEqual(['channel_occupied']);
    expect(nodes.receiver.repetitions.map(({ body }) => body)).toEqual([]);

    await nodes.restart(0);
    const ann = await present(0, 'ann');
    for (const { view } of [ann, bob, cid]) {
      await expect.poll(() => view.members).toBe('ann,both,cid');
      expect(view.faults).toEqual([]);
    }
  });

  it('K95: a node that was stopped for longer than its lease goes on, whole and without doubles', async () => {
    const ann = await present(0, 'ann');
    const both = await present(0, 'both');
    const bob = await present(1, 'both');
    const cid = await present(2, 'cid');
    await (await nodes.guest(0)).join('only-there');
    await nodes.receiver.hears('channel_occupied only-there');
    for (const { view } of [ann, bob, cid]) await expect.poll(() => view.members).toBe('ann,both,cid');

    nodes.process(0).signal('SIGSTOP');
    await expect.poll(() => bob.view.members, { timeout: PATIENCE_MS }).toBe('both,cid');
    await Promise.all([
      nodes.receiver.hears(`member_removed ${room} ann`),
      nodes.receiver.hears('channel_vacated only-there'),
    ]);
    await cid.guest.goes();
    const eve = await present(1, 'eve');
    nodes.process(0).signal('SIGCONT');

    for (const { view } of [ann, both, bob, eve]) {
      await expect.poll(() => view.members, { timeout: PATIENCE_MS }).toBe('ann,both,eve');
      expect(view.faults).toEqual([]);
    }
    await Promise.all([
      nodes.receiver.hears(`member_added ${room} ann`, 2),
      nodes.receiver.hears('channel_occupied only-there', 2),
    ]);
    for (const node of [0, 1, 2]) expect(await usersOn(nodes, node, room)).toEqual(['ann', 'both', 'eve']);
    expect(await readLedger(redis, APP.id)).toEqual({
      subscriptions: { [room]: 4, 'only-there': 1 },
      members: { [room]: ['ann', 'both', 'eve'] },
      faults: [],
    });
    expect(await nodes.trigger(2, room, 'hello')).toBe(200);
    expect(await ann.guest.hearsUntil(room, 'e hello')).toContain('e hello');
    await webhooksSettled(nodes, room, 0);
    expect(nodes.receiver.of(room).filter((line) => line.endsWith(' ann'))).toEqual([
      'member_added ann',
      'member_removed ann',
      'member_added ann',
    ]);
    expect(nodes.receiver.of(room).filter((line) => line.endsWith(' both'))).toEqual(['member_added both']);
  });
});
