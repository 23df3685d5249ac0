import { afterEach, describe, expect, it } from 'vitest';
import { liveWithoutRedis } from '../../pusher-server/tests/cluster/redis-away.ts';
import { Nodes } from '../../pusher-server/tests/cluster/nodes.ts';
import { storm } from '../../pusher-server/tests/cluster/storm.ts';
import { redisIsMissing } from '../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../test-support/redis.ts';

const STORM_MS = Number(process.env['STORM_SECONDS'] ?? 60) * 1_000;
const AWAY_MS = 30_000;

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
