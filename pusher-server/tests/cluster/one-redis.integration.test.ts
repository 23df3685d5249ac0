import { describe } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis } from '../../../test-support/redis.ts';
import { livedOn, ORDINARY_LIFE } from './life/life.ts';
import { ordinaryLife } from './life/ordinary-life.ts';
import { Nodes } from './nodes.ts';

describe.skipIf(redisIsMissing)('two nodes with one Redis', () => {
  ordinaryLife(
    livedOn(async () => {
      const redis = await startRedis();
      const nodes = await Nodes.open({ ...ORDINARY_LIFE, redisPort: redis.port });
      const close = async () => {
        await nodes.close();
        await redis.stop();
      };
      return { nodes, close };
    }),
  );
});
