import { describe } from 'vitest';
import { startRedisMasters } from '../../../test-support/redis-cluster.ts';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { livedOn, ORDINARY_LIFE } from './life/life.ts';
import { ordinaryLife } from './life/ordinary-life.ts';
import { Nodes } from './nodes.ts';

describe.skipIf(redisIsMissing)('K97: two nodes with a Redis Cluster of three masters', () => {
  ordinaryLife(
    livedOn(async () => {
      const redis = await startRedisMasters();
      const nodes = await Nodes.open({ ...ORDINARY_LIFE, redisUrl: redis.url });
      const close = async () => {
        await nodes.close();
        await redis.drop();
      };
      return { nodes, close };
    }),
  );
});
