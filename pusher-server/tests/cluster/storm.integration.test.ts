import { describe, expect, it } from 'vitest';
import { redisIsMissing } from '../../../test-support/redis-program.ts';
import { startRedis } from '../../../test-support/redis.ts';
import { Nodes } from './nodes.ts';
import { storm } from './storm.ts';

const STORM_MS = 15_000;

describe.skipIf(redisIsMissing)('a storm over three nodes', () => {
  it(
    'K98: all nodes, Redis and every connection agree in the end, and webhooks were told no contradiction',
    async () => {
      const lines: string[] = [];
      const redis = await startRedis({ appendonly: true });
      const nodes = await Nodes.open({ count: 3, redisPort: redis.port, webhookDelayMs: 300 });
      try {
        await storm(nodes, redis, { ms: STORM_MS, redisKeepsData: true, log: (line) => lines.push(line) });
        expect(lines).toHaveLength(1);
      } finally {
        process.stdout.write(`storm: ${lines.join()}\n`);
        await nodes.close();
        await redis.drop();
      }
    },
    STORM_MS + 60_000,
  );
});
