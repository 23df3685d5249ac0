import { afterEach, describe, expect, it } from 'vitest';
import { liveWithoutRedis } from '../../pusher-server/tests/cluster/redis-away.ts';
import { readLedger } from '../../pusher-server/tests/cluster/ledger.ts';
import { webhooksSettled } from '../../pusher-server/tests/cluster/life/life.ts';
import { Nodes } from '../../pusher-server/tests/cluster/nodes.ts';
import { PresenceView } from '../../pusher-server/tests/cluster/presence-view.ts';
import { storm } from '../../pusher-server/tests/cluster/storm.ts';
import { APP } from '../../pusher-server/tests/start.ts';
import { redisIsMissing } from '../../test-support/redis-program.ts';
import { startWatchedRedis } from '../../test-support/redis-sentinel.ts';
import { startRedis, type RedisServer } from '../../test-support/redis.ts';
import { poll } from '../../pusher-server/tests/cluster/poll.ts';

const STORM_MS = Number(process.env['STORM_SECONDS'] ?? 60) * 1_000;
const AWAY_MS = 30_000;
const DEFAULT_LEASE_MS = 10_000;

describe.skipIf(redisIsMissing)('several nodes', () => {
  let redis: RedisServer | undefined;
  let nodes: Nodes | undefined;

  afterEach(async () => {
    await nodes?.close();
    await redis?.drop();
    nodes = undefined;
  });

  it('live for half a minute without Redis, which comes back empty', async () => {
    redis = await startRedis();
    nodes = await Nodes.open({ redisPort: redis.port, webhookDelayMs: 200 });
    await liveWithoutRedis(nodes, redis, AWAY_MS);
  });

  it('find the new master when Sentinel replaces the one that fell, and webhooks are told nothing of it', async () => {
    const watched = await startWatchedRedis();
    redis = watched.master;
    nodes = await Nodes.open({ redisUrl: watched.url, webhookDelayMs: 200 });
    const room = 'presence-room';
    const [ann, bob] = [await nodes.guest(0), await nodes.guest(1)];
    const view = new PresenceView(ann, room);
    await ann.join(room, 'ann');
    await bob.join(room, 'bob');
    for (const user of ['ann', 'bob']) await nodes.receiver.hears(`member_added ${room} ${user}`);
    await watched.master.kill9();
    await (await nodes.guest(1)).join(room, 'cid');
    await poll(() => view.members, { timeout: 30_000 }).toBe('ann,bob,cid');
    await poll(() => readLedger(watched.replica, APP.id), { timeout: 30_000 }).toEqual({
      subscriptions: { [room]: 3 },
      members: { [room]: ['ann', 'bob', 'cid'] },
      faults: [],
    });
    await nodes.trigger(1, room, 'hello');
    expect(await ann.hearsUntil(room, 'e hello')).toContain('e hello');
    await nodes.receiver.hears(`member_added ${room} cid`);
    await webhooksSettled(nodes, room, 0);
    const told = ['channel_occupied', ...['ann', 'bob', 'cid'].map((user) => `member_added ${user}`)];
    expect(nodes.receiver.of(room).toSorted()).toEqual(told.toSorted());
    expect(view.faults).toEqual([]);
    await nodes.close();
    nodes = undefined;
    await watched.drop();
  });

  it('forget one that was killed within its lease and 2 s', async () => {
    redis = await startRedis();
    nodes = await Nodes.open({ redisPort: redis.port, env: { PUSHER_NODE_LEASE_MS: String(DEFAULT_LEASE_MS) } });
    const [ann, bob] = [await nodes.guest(0), await nodes.guest(1)];
    const view = new PresenceView(bob, 'presence-room');
    await ann.join('presence-room', 'ann');
    await bob.join('presence-room', 'bob');
    const fell = Date.now();
    await nodes.process(0).kill9();
    await poll(() => view.members, { timeout: DEFAULT_LEASE_MS * 2, interval: 20 }).toBe('bob');
    expect(Date.now() - fell).toBeLessThan(DEFAULT_LEASE_MS + 2_000);
  });

  it.each([
    ['keeps its data', true],
    ['comes back empty every time', false],
  ])('agree after a storm in which Redis %s', async (_, keepsData) => {
    redis = await startRedis({ appendonly: keepsData });
    nodes = await Nodes.open({ count: 3, redisPort: redis.port, webhookDelayMs: 300 });
    const lines: string[] = [];
    await storm(nodes, redis, { ms: STORM_MS, redisKeepsData: keepsData, log: (line) => lines.push(line) });
    process.stdout.write(`storm: ${lines.join()}\n`);
    expect(lines).toHaveLength(1);
  });
});
