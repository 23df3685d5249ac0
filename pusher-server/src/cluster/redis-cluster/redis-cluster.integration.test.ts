import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../../test-support/redis-program.ts';
import { startRedis, type RedisServer } from '../../../../test-support/redis.ts';
import { clusterContract, startRecorded, type ClusterUnderTest } from '../cluster.contract.ts';
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
  const startNode = (prefix: string, webhookDelayMs = 0): Promise<ClusterUnderTest> =>
    startRecorded(
      new RedisCluster({
        target: parseRedisUrl(redis.url),
        prefix,
        leaseMs: LEASE_MS,
        webhookDelayMs,
        log: { info: silent, warn: silent, error: silent },
      }),
    );

  clusterContract('redis', async ({ webhookDelayMs }) => startNode(await newPrefix(), webhookDelayMs));

  it('starts', () => {
    expect(redis.port).toBeGreaterThan(0);
  });
});
